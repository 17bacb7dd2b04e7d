"""Facts that production tells the floors above; ids, numbers and ISO dates only, details through `public.py`."""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkOrderReleased(Event):
    """A work order may be worked on; its bill and routing are copied."""

    name = "production.work_order_released"
    work_order_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class StepReported(Event):
    """Pieces of a step were reported. Details: `production.public.get_report(report_id)`."""

    name = "production.step_reported"
    report_id: int
    work_order_id: int
    reported_on: str


@dataclass(frozen=True, kw_only=True)
class ReportUndone(Event):
    """A report was taken back; `report_id` is the negative one, `undoes_id` the one it takes back."""

    name = "production.report_undone"
    report_id: int
    undoes_id: int
    work_order_id: int


@dataclass(frozen=True, kw_only=True)
class PieceWorkConfirmed(Event):
    """A report earned (or, undone, lost) piece wages."""

    name = "production.piece_work_confirmed"
    report_id: int
    work_order_id: int
    earned_on: str


@dataclass(frozen=True, kw_only=True)
class ScrapApproved(Event):
    """Scrap of a report was accepted as lost."""

    name = "production.scrap_approved"
    report_id: int
    work_order_id: int


@dataclass(frozen=True, kw_only=True)
class SubcontractSent(Event):
    """Parts left for a subcontractor."""

    name = "production.subcontract_sent"
    work_order_id: int
    seq: int
    document: str


@dataclass(frozen=True, kw_only=True)
class SubcontractReturned(Event):
    """Parts came back from a subcontractor."""

    name = "production.subcontract_returned"
    work_order_id: int
    seq: int
    document: str


@dataclass(frozen=True, kw_only=True)
class WorkOrderCompleted(Event):
    """The work of an order is done."""

    name = "production.work_order_completed"
    work_order_id: int
    number: str
    completed_on: str


@dataclass(frozen=True, kw_only=True)
class WorkOrderClosed(Event):
    """An order is over: nothing more is issued, reported or received."""

    name = "production.work_order_closed"
    work_order_id: int
    number: str
    closed_on: str


@dataclass(frozen=True, kw_only=True)
class MaterialIssued(Event):
    """Material left stock for an order, or came back (`document` is the stock document's number)."""

    name = "production.material_issued"
    work_order_id: int
    document: str
    moved_on: str


@dataclass(frozen=True, kw_only=True)
class OutputReceived(Event):
    """Finished goods of an order entered stock."""

    name = "production.output_received"
    work_order_id: int
    document: str
    moved_on: str


@dataclass(frozen=True, kw_only=True)
class WagesSettled(Event):
    """The piece wages of a period are final."""

    name = "production.wages_settled"
    period: str


@dataclass(frozen=True, kw_only=True)
class InspectionDecided(Event):
    """An inspection has its disposition."""

    name = "production.inspection_decided"
    inspection_id: int
    disposition: str


@dataclass(frozen=True, kw_only=True)
class SchedulePublished(Event):
    """A schedule became the plan of the shop; `fresh_steps` of it were never planned before."""

    name = "production.schedule_published"
    run_id: int
    fresh_steps: int


@dataclass(frozen=True, kw_only=True)
class PlanRunFinished(Event):
    """A run of material planning is done and is the proposal in force."""

    name = "production.plan_run_finished"
    run_id: int
    start_on: str


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Event):
    """A date was promised and the demand written."""

    name = "production.promise_made"
    demand_id: int
    promise_on: str
