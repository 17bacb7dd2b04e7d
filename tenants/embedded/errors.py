"""What stops a start, said in one sentence a person can act on."""


class EmbeddedError(Exception):
    """A start cannot go on. `zh` and `en` say what is wrong and what to do; never shown as a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh}\n{en}")
