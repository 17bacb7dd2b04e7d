"""What a browser says of itself, as people call it: `Chrome · Windows` instead of a line of versions."""

from django.utils.translation import gettext_lazy as _

# The first that is named counts: Edge and WeChat also call themselves Chrome, Chrome also Safari.
BROWSERS = (
    ("MicroMessenger", _("微信")), ("DingTalk", _("钉钉")), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_text(user_agent: str) -> str:
    """Browser and system; what names neither is shown as it came, sixty characters of it."""
    found = [next((str(words) for mark, words in table if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(part for part in found if part) or user_agent[:60]
