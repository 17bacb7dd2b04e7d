"""A month in the demo company's workshop: an order from the release to the goods in the store, and the piece wages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.production.demo_plant import FLANGES, STEPS, WORKERS
from apps.production.models import Report
from apps.production.services import wages
from apps.production.services.completion import close, complete
from apps.production.services.order_input import NewOrder
from apps.production.services.picking import PickLine, give_back, issue
from apps.production.services.reporting import NewReport, report
from apps.production.services.undoing import undo
from apps.production.services.work_orders import create_work_order
from kernel.clock import today
from kernel.demo import DemoCompany, Happening, StoryMonth
from tenants.entitlements import has_module

ORDERS = (("FL-DN50", 2000), ("FL-DN80", 1200))  # in turn, each for two months: an ordinary month's quantity
BEGUN, DAYS = 4, (14, 18)  # released, turned, assembled
REPORTED = (1, 3)  # places in STEPS
SETUP_MINUTES, SPOILED = 15, Decimal(4)  # pieces that the lathe spoils
GIVEN_BACK_IN, MISCOUNTED_IN = 3, 6  # months with steel left over, with a report that was taken back


@dataclass
class Job:
    """One work order of the story while it is made."""

    demo: DemoCompany
    item: str
    quantity: Decimal
    factor: Decimal
    due_days: int
    order_id: int = 0
    good: Decimal = Decimal(0)

    def begin(self, at: datetime) -> None:
        day, actor = today(), self.demo.member("owner")
        given = NewOrder(
            item=self.item, quantity=self.quantity, start_on=day, due_on=day + timedelta(days=self.due_days),
            warehouse="WH-FG",
        )  # fmt: skip
        order = create_work_order(given=given, actor=actor, at=at, today=day, release=True)
        self.order_id, self.good = order.pk, self.quantity
        keeper = self.demo.member("storekeeper")
        issue(order_id=order.pk, warehouse="WH-RAW", moved_on=day, actor=keeper, at=at, today=day, kit=True)

    def step(self, number: int, at: datetime) -> Report:
        """The step is done by its worker; the lathe spoils some pieces."""
        _name, centre, minutes, _rate = STEPS[number]
        spoiled = SPOILED if centre == "CN-01" else Decimal(0)
        taken = self.good * Decimal(minutes) * self.factor + SETUP_MINUTES
        given = NewReport(
            order_id=self.order_id, seq=10 * (number + 1), good=self.good - spoiled, scrap=spoiled, minutes=taken,
            scrap_reason="刀具磨损" if spoiled else "",
            workers=((WORKERS[number][0], Decimal(1)),),
        )  # fmt: skip
        self.good -= spoiled
        return report(given=given, actor=self.demo.member("owner"), at=at)

    def miscounted(self, number: int, at: datetime) -> None:
        """The step, first reported with pieces that were not done yet."""
        good = self.good
        wrong = self.step(number, at)
        self.good = good
        undo(report_id=wrong.pk, actor=self.demo.member("owner"), at=at, reason="多报了未完成的件")
        self.step(number, at)

    def finish(self, at: datetime) -> None:
        actor, day = self.demo.member("owner"), today()
        complete(order_id=self.order_id, actor=actor, at=at, today=day)
        close(order_id=self.order_id, actor=actor, at=at, today=day)

    def bring_back(self, at: datetime) -> None:
        lines, keeper = [PickLine(item="Q235-12", quantity=Decimal(60))], self.demo.member("storekeeper")
        give_back(
            order_id=self.order_id, warehouse="WH-RAW", moved_on=today(), lines=lines, actor=keeper, at=at,
            today=today(), reason="套料后有余料",
        )  # fmt: skip


def tell(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    """A work order, and the piece wages of the month before settled; without a store there is no past to tell."""
    if not has_module("inventory"):
        return []
    happenings = _made(demo, month)
    if month.index:
        happenings.append(Happening(month.day(5), lambda at: _settle(demo, month, at)))
    return happenings


def _made(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    item, ordinary = ORDERS[month.index % 2]
    quantity = Decimal((ordinary * month.percent_of_two + 500) // 1000 * 10)
    factor = next(factor for code, _name, factor, _parts in FLANGES if code == item)
    job, over = Job(demo, item, quantity, factor, DAYS[-1] - BEGUN), month.day(DAYS[-1])
    happenings = [Happening(month.day(BEGUN), job.begin, until=over)]
    for number, day in zip(REPORTED, DAYS, strict=True):
        wrong = number == REPORTED[-1] and month.index == MISCOUNTED_IN
        happenings.append(_reported(job, number, month.day(day), over, wrong=wrong))
    if month.index == GIVEN_BACK_IN:
        happenings.append(Happening(over, job.bring_back))
    return [*happenings, Happening(over, job.finish)]


def _reported(job: Job, number: int, on: date, over: date, *, wrong: bool) -> Happening:
    act = job.miscounted if wrong else job.step
    return Happening(on, lambda at: act(number, at), until=over)


def _settle(demo: DemoCompany, month: StoryMonth, at: datetime) -> None:
    before = month.first - timedelta(days=1)
    wages.settle(month=f"{before:%Y-%m}", actor=demo.member("chief"), at=at, today=month.day(5))
