"""What a scan of a traveller says: the address behind a step's QR code, or order and step as somebody types them."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

MOST_NUMBER, MOST_SEQ = 40, 5
_NUMBER_AND_STEP = re.compile(rf"(?P<order>[^/|\s]{{1,{MOST_NUMBER}}})[/|\s]+(?P<seq>\d{{1,{MOST_SEQ}}})")


class Traveller(NamedTuple):
    """Number of the work order, and its step as digits; `seq` empty where the text names no step."""

    order: str
    seq: str = ""


def read(text: str) -> Traveller:
    """Order and step of a scanned address (`…?order=MO2606-0001&seq=10`), of `MO2606-0001/10`, or the bare number."""
    try:
        query = parse_qs(urlsplit(text).query) if "?" in text else {}
    except ValueError:  # an address that is none
        query = {}
    if "order" in query and query.get("seq", [""])[0].isdigit():
        return Traveller(query["order"][0][:MOST_NUMBER], query["seq"][0][:MOST_SEQ])
    typed = _NUMBER_AND_STEP.fullmatch(text)
    return Traveller(typed["order"], typed["seq"]) if typed else Traveller(text[:MOST_NUMBER])
