"""Stream headers, taken apart (RFC 6120 §4.7)."""

from dataclasses import dataclass

from xmppspy.analysis.lint.finding import Place, place_of
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.tokens import attributes, tokens


@dataclass(frozen=True, slots=True)
class Header:
    """A stream header."""

    place: Place
    attributes: dict[str, str]
    """Declarations of namespaces included."""
    prefix: str
    """That of its own name."""
    declared: bool
    """Whether it follows an XML declaration."""
    context: StreamContext

    @property
    def version(self) -> tuple[int, int] | None:
        """Major and minor; None when there is none, or it is no version."""
        major, _, minor = self.attributes.get("version", "").partition(".")
        digits = major + minor
        if not (major and minor and digits.isascii() and digits.isdigit()):
            return None
        return int(major[:9]), int(minor[:9])


def read_header(record: FrameRecord) -> Header:
    """Take a header apart."""
    found: list[tuple[str, str]] = []
    prefix = ""
    for token in tokens(record.data):
        if token.kind in ("start", "empty"):
            name = token.name
            region = record.data[token.start + 1 + len(name) : token.stop]
            found = list(attributes(region))
            prefix = name.rpartition(b":")[0].decode(errors="replace")
            break
    declared = record.data.lstrip().startswith(b"<?xml")
    return Header(place_of(record), dict(found), prefix, declared, record.context)
