"""Form widgets that need more than an `<input>`."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe


class LookupInput(forms.Widget):
    """Text box with a list and a hidden code. Posts the code as `name`; without a script the text typed into
    `name_text` counts, its first word being the code.

    `src` answers `{"results": [{code, text, hint, py}]}` for `?q=`; `local` names a json_script block of such rows;
    `create` is a page with a dialog for a new record (F8); `label_of` turns a code into what the box shows.
    """

    def __init__(
        self,
        *,
        src: str | Promise = "",
        local: str = "",
        create: str | Promise = "",
        list_label: str | Promise = "",
        label_of: Callable[[str], str] = str,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.src, self.local, self.create, self.list_label, self.label_of = src, local, create, list_label, label_of

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        code = str(data.get(name) or "").strip()
        typed = str(data.get(f"{name}_text") or "").split()
        return code or (typed[0] if typed else "")

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        code = "" if value is None else str(value)
        context = {
            "name": name,
            "id": given.get("id", name),
            "value": code,
            "text": self.label_of(code) if code else "",
            "src": str(self.src),
            "local": self.local,
            "create": str(self.create),
            "list": str(self.list_label),
            "label": str(given.get("aria-label", "")),
            "bare": "aria-label" in given,
            "required": given.get("required", False),
            "invalid": given.get("aria-invalid") == "true",
            "described": given.get("aria-describedby", ""),
            "col": given.get("data-col", ""),
        }
        # The template escapes every value; what it answers is markup.
        return mark_safe(render_to_string("shell/_lookup.html", context))  # noqa: S308 - escaped by the template
