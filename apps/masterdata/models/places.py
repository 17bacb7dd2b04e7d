"""Places and people: 仓库 with 库位, 部门, 员工."""

from django.db import models
from django.db.models import F, Q

from apps.masterdata.models.base import CODE_LENGTH, CodedRecord


class PlaceState(models.TextChoices):
    ACTIVE = "active", "使用中"
    STOPPED = "stopped", "已停用"


class Warehouse(CodedRecord):
    """仓库."""

    class Kind(models.TextChoices):
        NORMAL = "normal", "普通仓"
        INSPECTION = "inspection", "待检仓"
        REJECT = "reject", "不良品仓"
        LINE_SIDE = "line_side", "线边仓"
        SUBCONTRACT = "subcontract", "委外仓"
        TRANSIT = "transit", "在途仓"

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NORMAL)
    state = models.CharField(max_length=10, choices=PlaceState.choices, default=PlaceState.ACTIVE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code_key"], name="warehouse_code_once")]


class Location(models.Model):
    """库位: a code unique in its warehouse; `barcode` is what its label says, unique in the company."""

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="locations")
    code = models.CharField(max_length=CODE_LENGTH)
    code_key = models.CharField(max_length=CODE_LENGTH * 3)
    barcode = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    barcode_key = models.CharField(max_length=CODE_LENGTH * 3, blank=True, default="")
    state = models.CharField(max_length=10, choices=PlaceState.choices, default=PlaceState.ACTIVE)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "code_key"], name="location_code_once"),
            models.UniqueConstraint(fields=["barcode_key"], condition=~Q(barcode_key=""), name="location_barcode_once"),
        ]
        indexes = [models.Index(fields=["code_key"], name="location_by_code")]

    def __str__(self) -> str:
        return self.code


class Department(CodedRecord):
    """部门: a tree without loops."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_key"], name="department_code_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="department_not_its_own_parent"),
        ]


class Employee(CodedRecord):
    """员工. `member_id` is the user who signs in, if any; a leaver keeps history and is named on nothing new."""

    class State(models.TextChoices):
        ACTIVE = "active", "在职"
        LEFT = "left", "离职"

    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="employees")
    mobile = models.CharField(max_length=30, blank=True, default="")
    member_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_key"], name="employee_code_once"),
            models.UniqueConstraint(
                fields=["member_id"], condition=Q(member_id__isnull=False), name="employee_member_once"
            ),
        ]

    def found_by(self) -> list[str]:
        return [self.mobile]
