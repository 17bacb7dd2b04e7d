"""Publishing a 20-line order, verifying 500 versions, folding 200: promises of supply.md §24.

`python -m benchmarks.supply_exchange`
"""

from datetime import date
from decimal import Decimal

from apps.masterdata import public as masterdata
from apps.supply.domain import canonical
from apps.supply.domain.canonical import Signed
from apps.supply.domain.fold import Version, fold
from apps.supply.domain.terms import CHANGED, Change
from apps.supply.exchange.sending import as_signed
from apps.supply.models import DocVersion, SharedOrder
from apps.supply.services import negotiating
from apps.supply.services.links import Guest, create_link
from apps.supply.services.orders import LineWish, OrderWish, create_order
from apps.supply.services.turns import Act
from benchmarks.common import finish, installation, make_company, measure
from kernel.clock import now
from tenants.context import tenant_context
from tenants.rights import Member

LINES, VERIFIED, FOLDED = 20, 500, 200


def main() -> None:
    with installation():
        company, owner = make_company()
        with tenant_context(company):
            _prepare(owner)
            kept = [
                measure("publish a 20-line order, signed and committed", lambda: _send(owner)).kept(50),
                measure("verify 500 versions", _verifier(owner), times=10).kept(1000),
                measure("fold 200 versions", _folder(), times=20).kept(50),
            ]
    finish(kept)


def _prepare(owner: Member) -> None:
    for number in range(LINES):
        masterdata.ensure_item(code=f"M-{number}", name=f"法兰盘 {number}", actor=owner)
    masterdata.ensure_partner(code="S-1", name="林记五金加工", is_supplier=True, actor=owner)
    create_link(partner_code="S-1", role="buyer", guest=Guest(name="林师傅"), actor=owner, at=now())


def _send(owner: Member) -> SharedOrder:
    lines = [
        LineWish(
            item=f"M-{number}", quantity=Decimal(100), unit_price=Decimal("1.25"), requested_date=date(2027, 1, 31)
        )
        for number in range(LINES)
    ]
    return create_order(wish=OrderWish(partner="S-1", lines=lines), act=Act(actor=owner, at=now()))


def _verifier(owner: Member):
    row = _send(owner)
    for seq in range(1, 25):
        change = Change(line=1, action=CHANGED, quantity=Decimal(100 + seq))
        negotiating.change(
            order_id=row.pk, seen=seq, changes=[change], reason="", act=Act(actor=owner, at=now())
        )  # fmt: skip
    chain = [as_signed(one) for one in DocVersion.objects.filter(chain=row.pk).order_by("seq")]
    chains: list[list[Signed]] = [chain] * (VERIFIED // len(chain))
    return lambda: [canonical.problems_of(one) for one in chains]


def _folder():
    line = {"item": "M6-BOLT", "name": "螺栓", "unit": "pcs", "quantity": "100", "unit_price": "1"}
    first = {"number": "PO-1", "lines": [{**line, "line": number} for number in range(1, LINES + 1)]}
    versions = [Version(seq=1, kind="order", by="buyer", payload=first)]
    for seq in range(2, FOLDED + 1):
        payload = {"lines": [{"line": 1, "action": CHANGED, "quantity": str(seq)}]}
        versions.append(Version(seq=seq, kind="order_change", by="buyer", payload=payload))
    return lambda: fold(versions)


if __name__ == "__main__":
    main()
