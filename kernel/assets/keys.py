"""The one list of keys. The dialog 键盘快捷键 is written from it; static/js/q.js and q-entry.js obey it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Shortcut:
    """`keys` as pressed, alternatives parted by blanks; `page`: everywhere, list or entry."""

    keys: str
    words: Promise
    page: str


SHORTCUTS = (
    Shortcut("Ctrl+K", _("全局搜索"), "everywhere"),
    Shortcut("?", _("显示快捷键"), "everywhere"),
    Shortcut("Esc", _("关闭"), "everywhere"),
    Shortcut("N", _("新增"), "list"),
    Shortcut("/", _("搜索本列表"), "list"),
    Shortcut("↑ ↓", _("上一行、下一行"), "list"),
    Shortcut("X", _("选择当前行"), "list"),
    Shortcut("Enter", _("下一格；最后一格加一行；借方有数时跳到下一行摘要"), "entry"),
    Shortcut("Shift+Enter", _("上一格"), "entry"),
    Shortcut("↓", _("在最后一行加一行"), "entry"),
    Shortcut("=", _("金额补平"), "entry"),
    Shortcut("Space", _("借贷换边"), "entry"),
    Shortcut("-", _("红字金额"), "entry"),
    Shortcut("..", _("复制上一行摘要"), "entry"),
    Shortcut("//", _("复制第一行摘要"), "entry"),
    Shortcut("F7", _("选择会计科目"), "entry"),
    Shortcut("Tab", _("辅助核算"), "entry"),
    Shortcut("F8", _("就地新建"), "entry"),
    Shortcut("F9", _("凭证模板"), "entry"),
    Shortcut("Alt+↑ Alt+↓", _("移动本行"), "entry"),
    Shortcut("Ctrl+D", _("复制本行"), "entry"),
    Shortcut("Ctrl+S", _("保存"), "entry"),
    Shortcut("Ctrl+Enter", _("保存并新增"), "entry"),
)

PAGES = (("everywhere", _("所有页面")), ("list", _("列表")), ("entry", _("录入表格")))


def groups() -> list[tuple[Promise, list[Shortcut]]]:
    """Shortcuts by page, in the order the dialog shows them."""
    return [(words, [one for one in SHORTCUTS if one.page == page]) for page, words in PAGES]
