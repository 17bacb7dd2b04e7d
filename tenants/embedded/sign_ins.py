"""Names to sign in with at the demo company, told to the person who starts the installation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tenants.embedded.paths import DataPaths, read_json, write_json


@dataclass(frozen=True)
class SignIn:
    """One demo member: what they do, the account they type, the generated password."""

    role: str
    account: str
    password: str


def remember_sign_ins(root: Path, *, url: str, sign_ins: Sequence[SignIn]) -> None:
    """Keep the demo company's address and members in a file that only its owner can read."""
    write_json(DataPaths(root).sign_ins, {"url": url, "people": [asdict(person) for person in sign_ins]})


def recall_sign_ins(root: Path) -> tuple[str, list[SignIn]]:
    """Address of the demo company and its members; "" and [] when there is none."""
    kept = read_json(DataPaths(root).sign_ins)
    return kept.get("url", ""), [SignIn(**person) for person in kept.get("people", [])]
