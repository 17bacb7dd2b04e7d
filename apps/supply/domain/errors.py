"""Refusals of the arithmetic; the services put them into sentences."""


class RuleBroken(ValueError):
    """`code` is one of the contract's refusals (§20), `line` the line it is about."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code if line is None else f"{code} at line {line}")
        self.code = code
        self.line = line
