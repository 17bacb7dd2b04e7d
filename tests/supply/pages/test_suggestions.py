"""What a partner's line may mean is offered beside it, and never applied."""

from typing import Any

from apps.masterdata import public as masterdata
from tenants.context import leave_company, tenant_context
from tenants.rights import Member
from tests.supply.conftest import Pair
from tests.supply.given import call, sent_order


def test_earlier_maps_and_equal_names_are_offered(pair: Pair, charlie: Member, page_of: Any):
    with tenant_context(pair.hengxin):
        masterdata.ensure_item(code="NAMESAKE", name="物料 FL-DN50", actor=charlie)
    other_unit = {"link": pair.link, "item": "LS-M6", "partner_item": "M6-BOLT", "partner_unit": "box", "factor": "100"}
    call(pair.seller, "post", "item-maps/", other_unit, 201)
    order = sent_order(pair.buyer, *pair.both)

    text = page_of("charlie").get(f"/supply/orders/{order['id']}/").content.decode()
    leave_company()

    assert '<datalist id="hints-1"><option value="LS-M6">' in text
    assert '<datalist id="hints-2"><option value="NAMESAKE">' in text
    assert not any(line["mapped"] for line in call(pair.seller, "get", f"orders/{order['id']}/")["lines"])
