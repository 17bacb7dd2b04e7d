"""How master data says no. The one place where rules of the domain and of the database become refusals."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.masterdata.domain.errors import Message, RuleError
from kernel.errors import DomainError, Forbidden, Invalid, NotFound, StaleVersion
from tenants.rights import Member


class DuplicateCode(DomainError):
    """The code, or an alias that reads the same, is another record's."""

    code = "duplicate_code"


class DuplicateBarcode(DomainError):
    """The barcode is another item's or location's."""

    code = "duplicate_barcode"


class DuplicateUscc(DomainError):
    """Another partner has this 统一社会信用代码."""

    code = "duplicate_uscc"


class InUse(DomainError):
    """Something still points here."""

    code = "in_use"


class UnknownReference(Invalid):
    """The body names a record that does not exist: `unknown_unit`, `unknown_category`, …"""

    code = "unknown_reference"


# What a unique constraint means to the clerk: the second guard, for two who save at the same moment.
_CONSTRAINTS: Mapping[str, tuple[type[DomainError], Promise]] = {
    "item_code_once": (DuplicateCode, gettext_lazy("这个物料编码已被使用。")),
    "item_code_once_among_items": (DuplicateCode, gettext_lazy("这个物料编码已被使用。")),
    "partner_code_once": (DuplicateCode, gettext_lazy("这个往来单位编码已被使用。")),
    "partner_uscc_once": (DuplicateUscc, gettext_lazy("这个统一社会信用代码已属于另一个往来单位。")),
    "barcode_once": (DuplicateBarcode, gettext_lazy("这个条码已被使用。")),
    "location_barcode_once": (DuplicateBarcode, gettext_lazy("这个条码已被使用。")),
}
_DUPLICATE = (DuplicateCode, gettext_lazy("这个编码已被使用，请换一个。"))


def refusal(error: RuleError, *, field: str = "") -> DomainError:
    """The refusal that a rule of the domain means: 409 when it is a conflict, else 400; in the reader's language."""
    message = sentence(error.message)
    fields = {name: [sentence(text)] for name, text in error.fields.items()}
    if field and not fields:
        fields = {field: [message]}
    kind = DomainError if error.conflict else Invalid
    return kind(message, error.code, fields=fields)


def sentence(message: Message) -> str:
    """The sentence in the reader's language, its values filled in."""
    text = _(message.template)
    return text % message.params if message.params else text


@contextmanager
def refusing(field: str = "") -> Iterator[None]:
    """Turn broken rules and broken constraints into refusals; also a decorator, outside the transaction."""
    try:
        yield
    except RuleError as error:
        raise refusal(error, field=field) from error
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", "") or ""
        if name not in _CONSTRAINTS and not name.endswith("_once"):
            raise
        kind, text = _CONSTRAINTS.get(name, _DUPLICATE)
        raise kind(str(text)) from error


def check_version(current: int, given: int | None) -> None:
    """Raise StaleVersion when the writer read an older state. None = the writer did not say."""
    if given is not None and given != current:
        raise StaleVersion(_("内容已被他人修改，请刷新后重试。"), extra={"current": current})


def check_secret(actor: Member, wanted: bool) -> None:
    """Raise Forbidden when a secret field is written by somebody who may not even see it."""
    if wanted and not actor.can("masterdata.secret"):
        raise Forbidden(
            _("成本、信用额度和银行账户只有有权限的人能改，请联系企业管理员。"), extra={"right": "masterdata.secret"}
        )


def not_found() -> NotFound:
    return NotFound(_("找不到您要的内容。"))
