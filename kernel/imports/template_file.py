"""The workbook to fill in: headings, one example row, and a second sheet that explains the columns."""

from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from kernel.imports.kinds import ImportKind


def write(kind: ImportKind, file: IO[bytes], *, english: bool = False) -> None:
    """Write the template of `kind` with Chinese (or English) headings to `file`."""
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#EDF0F4", "num_format": "@"})
    must = book.add_format({"bold": True, "bg_color": "#FDECEA", "font_color": "#C4271D", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    page, help_page = book.add_worksheet(_("数据")), book.add_worksheet(_("说明"))
    page.freeze_panes(1, 0)
    for place, title in enumerate((_("列"), _("必填"), _("示例"), _("说明"))):
        help_page.write_string(0, place, title, bold)
    help_page.set_column(0, 3, 24)
    for place, column in enumerate(kind.columns):
        heading = column.english if english and column.english else column.heading
        page.set_column(place, place, max(12, 2 * len(heading) + 2), text)
        page.write_string(0, place, heading, must if column.required else bold)
        page.write_string(1, place, column.example, text)
        cells = (heading, _("是") if column.required else "", column.example, str(column.note))
        for at, cell in enumerate(cells):
            help_page.write_string(place + 1, at, cell)
    book.close()
