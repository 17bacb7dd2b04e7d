"""What finance does when it hears of others: dimension values follow their records, costs of stock become drafts."""

from datetime import date

from apps.finance.events import BookStarted
from apps.finance.services.dimensions import follow_record
from apps.finance.services.facts import take_up_early
from apps.finance.services.stock_facts import book_close, book_posting
from apps.finance.services.wage_facts import book_piece_work
from apps.inventory.events import CostPosted
from apps.masterdata import public as masterdata
from apps.masterdata.events import ItemSaved, PartnerSaved
from apps.production.events import PieceWorkConfirmed
from kernel.clock import now


def rename_item_value(event: ItemSaved) -> None:
    """An item was saved."""
    item = masterdata.get_item(event.item_id)
    follow_record(dimension="item", code=item.code, name=item.name)


def rename_partner_values(event: PartnerSaved) -> None:
    """A partner was saved; it may stand in both dimensions."""
    partner = masterdata.get_partner(event.partner_id)
    for dimension in ("customer", "supplier"):
        follow_record(dimension=dimension, code=partner.code, name=partner.name)


def draft_stock_cost(event: CostPosted) -> None:
    """A posting or a close of stock wrote cost entries; each is told to the rules once, however often this comes."""
    if event.document_id:
        book_posting(document_id=event.document_id, at=now())
    else:
        book_close(month=event.dated_on[:7], at=now())


def draft_piece_work(event: PieceWorkConfirmed) -> None:
    """A report earned piece wages, or gave them back."""
    book_piece_work(
        report_id=event.report_id,
        work_order_id=event.work_order_id,
        earned_on=date.fromisoformat(event.earned_on),
        at=now(),
    )


def draft_what_came_early(event: BookStarted) -> None:
    """The book is in use: facts that came before it are tried now."""
    take_up_early(at=now())
