"""Charlie never sees what is Alice's, nobody but the operator enters the operator's API, and access follows state."""

import ast
from pathlib import Path

import pytest

from apps.billing.models import Invoice
from apps.billing.models.scoping import TenantOwned, UnscopedQuery
from tests.billing.test_story import add

ROOT = Path(__file__).resolve().parents[2]
# Who may look across companies: the operator's code, the jobs, and what finds a row by its own id under a lock.
ACROSS = {
    "api/operator_machine", "api/operator_views", "models/scoping", "selectors/bank_page", "selectors/board",
    "selectors/company_file", "selectors/invoice_pages", "selectors/invoices", "selectors/operator",
    "selectors/plans", "selectors/usage", "services/bank", "services/invoices", "services/jobs",
    "services/closed_companies", "services/quarantine", "services/steps", "services/storage_levels", "views/companies",
    "views/system",
}  # fmt: skip
LISTS = ("invoices", "payments", "audit", "subscription/changes", "usage/events")


def test_lists_and_ids_of_another_company_are_empty_or_absent(company_of_modules):
    alice = company_of_modules("falan", "finance", "production")
    charlie = company_of_modules("hengtai", "finance")
    add(alice, "inventory")
    event = {"transaction_id": "geheim", "meter": "platform.device_readings", "value": 1}
    alice.post("/api/v1/billing/usage/events/", event, format="json")
    ids = [row["id"] for row in alice.get("/api/v1/billing/invoices/").json()["results"]]

    texts = [charlie.get(f"/api/v1/billing/{name}/").content.decode() for name in LISTS]

    assert not any("falan" in text or "geheim" in text for text in texts)
    assert [charlie.get(f"/api/v1/billing/invoices/{row}/").status_code for row in ids] == [404] * len(ids)
    pay = charlie.post(f"/api/v1/billing/invoices/{ids[0]}/pay/", {"gateway": "bank_transfer"}, format="json")
    assert pay.status_code == 404
    taken = charlie.post("/api/v1/billing/usage/events/", event, format="json")
    assert taken.status_code == 201  # the identity is per company


def test_the_operators_api_is_closed_to_companies_and_visitors(company_of_modules, operator, client):
    owner = company_of_modules("falan", "finance")
    address = "/api/v1/operator/tenants/"

    assert operator.get(address).status_code == 200
    assert client.get(address, HTTP_HOST="localhost").status_code == 401
    assert owner.get(address).status_code == 404
    assert operator.get("/api/v1/billing/invoices/", HTTP_HOST="falan.localhost").status_code == 404


def test_rows_of_companies_have_no_bare_queries():
    with pytest.raises(UnscopedQuery):
        Invoice.objects.all()
    with pytest.raises(UnscopedQuery):
        Invoice.objects.filter(pk=1)
    assert all(hasattr(model.objects, "of") for model in TenantOwned.__subclasses__())


def test_only_listed_files_look_across_companies():
    found = set()
    for path in (ROOT / "apps" / "billing").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.Attribute) and node.attr == "across_tenants" for node in ast.walk(tree)):
            found.add(str(path.relative_to(ROOT / "apps" / "billing").with_suffix("")))

    assert found <= ACROSS, sorted(found - ACROSS)
