"""How the arithmetic says no: a sentence to translate, a stable code, and no web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark `message` for the translators' catalogue and return it unchanged.

    The name is one that `makemessages` looks for, so sentences of this package reach the catalogue.
    """
    return message


@dataclass(frozen=True)
class Message:
    """A sentence in Chinese with `%(name)s` places, kept apart from its values: it can be translated."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The Chinese sentence with its values filled in."""
        return self.template % self.params if self.params else self.template


class RuleError(ValueError):
    """A value breaks a rule of master data.

    `code` is stable. `conflict` is False when the value itself is wrong (the API answers 400) and True when a
    well-formed value meets a rule of the business (409). `fields` names the parts at
    fault, when there are parts.
    """

    code: ClassVar[str] = "invalid"
    conflict: ClassVar[bool] = False

    def __init__(
        self,
        template: str,
        params: Mapping[str, object] | None = None,
        *,
        fields: Mapping[str, Message] | None = None,
    ) -> None:
        """`template` is a sentence for the clerk, `params` its values."""
        self.message = Message(template, params or {})
        self.fields: dict[str, Message] = dict(fields or {})
        super().__init__(str(self.message))
