"""The formula language of statement lines, checks and voucher templates.

    formula = [sign] term { sign term }        sign = + | -
    term    = BAL(x) POS(x) NEG(x) DR(x) CR(x) OPEN(x)    x = account code, or digits and * for every account
            | MEMO(n) TAG(n) | RECLASS | Ln               that begins with them
    with scaling (templates only): term * number, or a plain number

A formula is parsed once and evaluated in one pass over its terms; what a term is worth is the resolver's
business.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from apps.finance.domain.errors import BookkeepingError, gettext_noop

ACCOUNT_KINDS = frozenset({"BAL", "POS", "NEG", "DR", "CR", "OPEN"})
NUMBERED_KINDS = frozenset({"MEMO", "TAG"})
LONGEST_FORMULA = 1000

_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,8})?"
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:"
    r"(?P<func>BAL|POS|NEG|DR|CR|OPEN|MEMO|TAG)\(\s*(?P<arg>[0-9]{1,20}\*?)\s*\)"
    r"|(?P<reclass>RECLASS)|L(?P<line>[1-9][0-9]{0,2})"
    rf"|(?P<number>{_NUMBER}))"
    rf"(?:\s*\*\s*(?P<scale>{_NUMBER}))?\s*"
)
_BAD_FORMULA = gettext_noop("公式“%(text)s”在第 %(position)s 个字符处读不懂，请检查。")

Resolver = Callable[[str, str], Decimal]


@dataclass(frozen=True)
class Term:
    """coefficient × kind(argument); kind is BAL … TAG, RECLASS, L or NUMBER (argument empty, the value is the
    coefficient)."""

    coefficient: Decimal
    kind: str
    argument: str

    def __str__(self) -> str:
        sign = "-" if self.coefficient < 0 else "+"
        size = abs(self.coefficient)
        if self.kind == "NUMBER":
            return f"{sign}{size:f}"
        scale = "" if size == 1 else f"*{size:f}"
        return f"{sign}{self._name()}{scale}"

    def _name(self) -> str:
        if self.kind == "RECLASS":
            return self.kind
        return f"L{self.argument}" if self.kind == "L" else f"{self.kind}({self.argument})"


@dataclass(frozen=True)
class Formula:
    """A parsed formula."""

    terms: tuple[Term, ...]

    def evaluate(self, resolve: Resolver) -> Decimal:
        """Σ coefficient × resolve(kind, argument), exact: nothing is rounded here."""
        total = Decimal("0.00")
        for term in self.terms:
            worth = Decimal(1) if term.kind == "NUMBER" else resolve(term.kind, term.argument)
            total += term.coefficient * worth
        return total

    @property
    def lines(self) -> tuple[int, ...]:
        """Numbers of the lines it refers to."""
        return tuple(int(term.argument) for term in self.terms if term.kind == "L")

    @property
    def accounts(self) -> tuple[str, ...]:
        """Account selectors in order of appearance: where a figure drills down to."""
        return tuple(dict.fromkeys(term.argument for term in self.terms if term.kind in ACCOUNT_KINDS))

    def uses(self, kind: str) -> bool:
        """Whether a term of this kind stands in it."""
        return any(term.kind == kind for term in self.terms)

    def __str__(self) -> str:
        return "".join(str(term) for term in self.terms).removeprefix("+")


@lru_cache(maxsize=4096)
def parse_formula(text: str, *, scaling: bool = False) -> Formula:
    """Parse once; the same text gives the same object. Raises BookkeepingError `invalid` with the
    position.
    """
    if not text.strip() or len(text) > LONGEST_FORMULA:
        raise BookkeepingError("invalid", _BAD_FORMULA, text=text[:60], position=1)
    terms: list[Term] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or (terms and not match["sign"]) or not _allowed(match, scaling):
            raise BookkeepingError("invalid", _BAD_FORMULA, text=text[:60], position=position + 1)
        terms.append(_term(match))
        position = match.end()
    return Formula(tuple(terms))


def parse_template_amount(text: str) -> Formula:
    """An amount of a voucher template: `=BAL(1002)*0.01`. Lines and reclassifications have no meaning
    there.
    """
    formula = parse_formula(text.strip().removeprefix("="), scaling=True)
    if any(formula.uses(kind) for kind in ("L", "RECLASS", "TAG")):
        raise BookkeepingError("invalid", _BAD_FORMULA, text=text[:60], position=1)
    return formula


def _allowed(match: re.Match[str], scaling: bool) -> bool:
    if not scaling and (match["number"] or match["scale"]):
        return False
    if match["number"] and match["scale"]:
        return False
    return not (match["func"] in NUMBERED_KINDS and match["arg"].endswith("*"))


def _term(match: re.Match[str]) -> Term:
    sign = Decimal(-1) if match["sign"] == "-" else Decimal(1)
    if match["number"]:
        return Term(sign * Decimal(match["number"]), "NUMBER", "")
    coefficient = sign * Decimal(match["scale"] or 1)
    if match["reclass"]:
        return Term(coefficient, "RECLASS", "")
    if match["line"]:
        return Term(coefficient, "L", match["line"])
    argument = match["arg"] if match["func"] in ACCOUNT_KINDS else str(int(match["arg"]))
    return Term(coefficient, match["func"], argument)
