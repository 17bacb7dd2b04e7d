"""What the database refuses, even to somebody with SQL in hand."""

from datetime import date

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from apps.inventory.models import StockSettings

pytestmark = pytest.mark.usefixtures("in_hongda")


def test_a_fresh_company_values_by_month_for_the_whole_company():
    settings = StockSettings.objects.get()

    assert (settings.default_method, settings.default_scope) == ("monthly_average", "company")
    assert settings.closed_through is None


def test_a_closed_month_stays_closed():
    StockSettings.objects.update(closed_through=date(2026, 5, 31))

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        StockSettings.objects.update(closed_through=None)


@pytest.mark.parametrize("table", ["stockmove", "costentry", "valueevent", "lotlink", "periodcost"])
def test_the_serving_role_may_not_change_history(table):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inventory_{table} SET id = id")
