"""Which frames a check, or a follower, is to be shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntFlag

from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.namespaces import STANZAS


class Mood(IntFlag):
    """How a connection stands. A check that asks for moods is spared all other frames."""

    UNSETTLED = 1
    """Login and resource binding are not over, or features are due."""
    ENDED = 2
    """A side has closed its stream, or has sent a stream error."""
    FEDERATED = 4
    """It is between servers, or a component's."""
    MANAGED = 8
    """Stream management is enabled, or asked for."""
    RESUMED = 16
    """It goes on with a session of stream management."""
    LIMITED = 32
    """The server has announced how large a stanza may be."""
    PREFIXED = 64
    """A header declares a prefix for a content namespace."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Which frames a check is to be shown; what is left empty does not restrict them."""

    kinds: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    """Kinds that are not among them."""
    types: frozenset[str | None] = frozenset()
    own: frozenset[str] = frozenset()
    """Namespaces of the element itself; stanzas have none."""
    holding: frozenset[str] = frozenset()
    """Namespaces of children."""
    way: Direction | None = None
    content: bool | None = None
    """Only elements of the stream's content namespace, or only others."""
    raw: bool = False
    """Also what is not well-formed, or no element at all."""
    flawed: bool = False
    """Only what is not well-formed, or not framed, or forbidden."""
    mood: int = 0
    """Any of these (`Mood`); 0 for whatever mood."""
    only: Callable[[FrameRecord], bool] | None = None
    """A further condition on the same things, and on whether there is a `from`. It is asked once
    for all frames that are alike in them."""
    text: tuple[bytes, ...] = ()
    """Any of these stands in the bytes; a quick look before the check."""
    having: frozenset[str] = frozenset()
    """Any child in the element's own namespace has such a name; as quick. Not for `raw` ones."""

    def cover(self, frame: FrameRecord) -> bool:
        """Whether the frame is among them by what stands beside its bytes."""
        return (
            (not self.kinds or frame.kind in self.kinds)
            and frame.kind not in self.but
            and (not self.types or frame.type in self.types)
            and (not self.own or frame.xmlns in self.own)
            and (not self.holding or not self.holding.isdisjoint(frame.ns))
            and (self.way is None or frame.dir == self.way)
            and (self.content is None or self.content is (frame.xmlns is None))
            and (self.only is None or self.only(frame))
        )


def stanza(
    *kinds: str,
    types: Iterable[str | None] = (),
    holding: Iterable[str] = (),
    way: Direction | None = None,
    mood: int = 0,
    only: Callable[[FrameRecord], bool] | None = None,
    text: tuple[bytes, ...] = (),
    having: Iterable[str] = (),
) -> Frames:
    """Stanzas of the named kinds, or of all three."""
    return Frames(
        kinds=frozenset(kinds) or STANZAS,
        types=frozenset(types),
        holding=frozenset(holding),
        way=way,
        content=True,
        mood=mood,
        only=only,
        text=text,
        having=frozenset(having),
    )


def element(*namespaces: str, names: Iterable[str] = (), way: Direction | None = None) -> Frames:
    """First-level elements of namespaces of their own."""
    return Frames(kinds=frozenset(names), own=frozenset(namespaces), way=way)


def raw(*kinds: str, way: Direction | None = None, mood: int = 0) -> Frames:
    """Frames as they came, whether they can be read as elements or not."""
    return Frames(kinds=frozenset(kinds), way=way, raw=True, mood=mood)
