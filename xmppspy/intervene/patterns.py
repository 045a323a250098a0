"""Patterns: XML of a rule, with places for what the frame says that it is about."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from xmppspy.errors import MalformedXML
from xmppspy.intervene import escaping, fragments
from xmppspy.intervene.trouble import TroubleError
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord

PLACES: Final = {
    "id": "the frame's id",
    "from": "its sender",
    "to": "its receiver",
    "type": "its type",
    "kind": "its element's name",
    "unique": "an id that no other stanza has",
}
"""What may stand in braces, and what it stands for."""

_NAMES: Final = "|".join(PLACES)
_ATTRIBUTE: Final = rf"\s+[\w:.-]+\s*=\s*(?P<mark>[\"'])\{{(?P<only>{_NAMES})\}}(?P=mark)"
_PLACE: Final = re.compile(rf"(?P<attribute>{_ATTRIBUTE})|\{{(?P<name>{_NAMES})\}}")


class Pattern:
    """Elements to be sent, the same ones each time but for what stands in braces (`PLACES`).

    An attribute that is nothing but such a place is left out where the frame does not have it.
    Raises `MalformedXML` when it is not well-formed, whatever is filled in.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        fragments.elements(_fill(text, dict.fromkeys(PLACES, "x")))

    def elements(
        self, frame: FrameRecord, new_id: Callable[[], str], context: StreamContext
    ) -> bytes:
        """The elements for a stream of that context; raises `TroubleError` if they are none there."""
        values: dict[str, str | None] = {
            "id": frame.id, "from": frame.from_, "to": frame.to, "type": frame.type,
            "kind": frame.kind,
        }  # fmt: skip
        if "{unique}" in self.text:
            values["unique"] = new_id()
        try:
            frames = fragments.elements(_fill(self.text, values), context)
        except MalformedXML as error:
            reason = f"what is to be sent would not be well-formed: {error.reason}"
            raise TroubleError(reason) from None
        return b"".join(each.data for each in frames)


def _fill(text: str, values: Mapping[str, str | None]) -> str:
    def filled(place: re.Match[str]) -> str:
        value = values.get(place["name"] or place["only"])
        written = escaping.attribute(value or "")
        if place["name"]:
            return written
        return "" if value is None else place[0].replace(f"{{{place['only']}}}", written)

    return _PLACE.sub(filled, text)
