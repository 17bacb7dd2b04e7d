"""Partners, the company's own record, and changes of bank accounts that wait for a second person."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from apps.masterdata import columns
from apps.masterdata.api import inputs, outputs
from apps.masterdata.api.base import MasterdataView, RecordDetail, RecordList
from apps.masterdata.models import Partner
from apps.masterdata.selectors import finding, lists
from apps.masterdata.services import banking, partners
from apps.masterdata.services.refusals import not_found

SECRET: dict[str, str | None] = {"GET": "masterdata.secret", "*": "masterdata.secret"}


def _shown(record: Partner) -> Partner:
    return lists.shown_partners(Partner.everybody.all()).get(pk=record.pk)


class PartnerList(RecordList):
    """409 duplicate_code, duplicate_uscc; 400 bad_uscc, bad_cnaps."""

    input, shape, export_name = inputs.PartnerInput, outputs.partner, "partners"
    columns_for = columns.partner_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.partners(filters)

    def create(self, values: Any) -> Partner:
        return partners.create_partner(values=values, actor=self.member)

    def shown(self, record: Partner) -> Partner:
        return _shown(record)


class PartnerDetail(RecordDetail):
    """PATCH that changes an existing bank account: 409 second_person_needed, and the wish is kept."""

    input, shape = inputs.PartnerInput, outputs.partner

    def find(self, code: str) -> Partner:
        return finding.partner_at(code)

    def change(self, record: Partner, values: Any) -> Partner:
        return partners.update_partner(partner=record, values=values, actor=self.member)

    def remove(self, record: Partner) -> None:
        partners.delete_partner(partner=record, actor=self.member)

    def shown(self, record: Partner) -> Partner:
        return _shown(record)


class ContactDetail(MasterdataView):
    """DELETE erases one contact's personal data."""

    def delete(self, request: Any, code: str, contact_id: int) -> Response:
        partner = finding.partner_at(code)
        contact = partner.contacts.filter(pk=contact_id).first()
        if contact is None:
            raise not_found()
        partners.erase_contact(partner=partner, contact=contact, actor=self.member)
        return Response(status=204)


class CompanyView(MasterdataView):
    """GET and PUT the company's own record."""

    rights = {"GET": "masterdata.view", "*": "masterdata.settings"}

    def get(self, request: Any) -> Response:
        return Response(outputs.company(lists.own_company(), self.member))

    def put(self, request: Any) -> Response:
        values: Any = self.taken(inputs.CompanyInput)
        if not values.get("name", "").strip():
            values.pop("name", None)
        own = partners.save_own_company(values=values, actor=self.member)
        return Response(outputs.company(_shown(own), self.member))


class BankChangeList(MasterdataView):
    """GET what was wished for a partner's bank accounts, newest first; `company` = the own record."""

    rights = SECRET

    def get(self, request: Any, code: str) -> Response:
        changes = lists.bank_changes(party_at(code))
        return Response([outputs.bank_change(row, self.member) for row in changes[:100]])


class BankChangeDecision(MasterdataView):
    """POST confirm/ or reject/ → the partner; 409 second_person_needed for the one who asked."""

    rights = SECRET
    confirms = True

    def post(self, request: Any, code: str, change_id: int) -> Response:
        partner = party_at(code)
        decide = banking.confirm if self.confirms else banking.reject
        decide(change_id=change_id, partner=partner, actor=self.member)
        shape = outputs.company if partner.is_own else outputs.partner
        return Response(shape(_shown(partner), self.member))


def party_at(code: str) -> Partner:
    """A partner by code or id; `company` is the own record."""
    if code == "company":
        own = Partner.everybody.filter(is_own=True).first()
        if own is None:
            raise not_found()
        return own
    return finding.partner_at(code)
