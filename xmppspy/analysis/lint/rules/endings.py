"""How streams and connections end (RFC 6120 §4.4, §4.9)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import Mood, element, raw
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Ending, Sight, named
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction, Side
from xmppspy.protocol.jid import flaw

ERROR: Final = element(ns.STREAMS, names=["error"])
_LOOSE: Final = frozenset({"space", "comment", "pi", "text"})
_CONDITIONS: Final = frozenset(
    {
        "bad-format", "bad-namespace-prefix", "conflict", "connection-timeout", "host-gone",
        "host-unknown", "improper-addressing", "internal-server-error", "invalid-from",
        "invalid-namespace", "invalid-xml", "not-authorized", "not-well-formed",
        "policy-violation", "remote-connection-failed", "reset", "resource-constraint",
        "restricted-xml", "see-other-host", "system-shutdown", "undefined-condition",
        "unsupported-encoding", "unsupported-feature", "unsupported-stanza-type",
        "unsupported-version",
    }
)  # fmt: skip
_LEGACY: Final = {"xml-not-well-formed": "not-well-formed", "invalid-id": "invalid-from"}
_MAX_PORT: Final = 65535


S15 = Rule(
    "S15", Severity.ERROR, "RFC 6120 §4.3.3",
    "the old stream was closed before it was restarted",
)  # fmt: skip


@S15.on(raw("stream", mood=Mood.ENDED))
def closed_before_restart(sight: Sight) -> Iterator[Said]:
    """A new header replaces the stream; its end tag would end the connection."""
    way = sight.conn.way(sight.record.dir)
    if way.closed is not None:
        yield f"the stream was closed in frame {way.closed.n} before this restart"


S16 = Rule("S16", Severity.ERROR, "RFC 6120 §4.4", "data after the sender's own end of the stream")


@S16.on(raw(mood=Mood.ENDED))
def data_behind_end(sight: Sight) -> Iterator[Said]:
    """White space is let pass."""
    way = sight.conn.way(sight.record.dir)
    if way.closed is None or sight.record.kind in ("stream", "space"):
        return
    if way.closed.n is not None:
        yield f"{named(sight.record)} after the stream was closed in frame {way.closed.n}"


S17 = Rule(
    "S17", Severity.WARNING, "RFC 6120 §4.4",
    "a connection ended without the end of the stream, or without close_notify",
)  # fmt: skip


def _closer(ending: Ending) -> Direction | None:
    """What the peer says who ended the connection; None when no peer did."""
    if ending.closed is None or ending.closed.by not in ("client", "server"):
        return None
    return Side(ending.closed.by).direction


@S17.at_end
def abrupt_end(ending: Ending) -> Iterator[Said]:
    """For a session that can be resumed it is no great harm."""
    way = _closer(ending)
    if way is None or ending.closed is None:
        return
    spoke, who = ending.conn.way(way), ending.closed.by
    if spoke.header is not None and spoke.closed is None and not ending.conn.compressed:
        yield f"the {who} ended the connection ({word(ending.closed.reason)}) within its stream"
    elif "close_notify" in ending.closed.reason and ending.conn.begun:
        yield f"the {who} ended TLS without close_notify"


S18 = Rule("S18", Severity.INFO, "RFC 6120 §4.4", "the peer did not answer the end of the stream")


@S18.at_end
def unanswered_end(ending: Ending) -> Iterator[Said]:
    """The stream is closed one way only."""
    up, down = ending.conn.up, ending.conn.down
    if ending.closed is None or ending.conn.compressed:
        return
    if up.closed is not None and down.closed is None and down.header is not None:
        yield Breach("the server did not close its stream in answer", place=up.closed)
    elif down.closed is not None and up.closed is None and down.failed is None:
        yield Breach("the client did not close its stream in answer", place=down.closed)


S19 = Rule(
    "S19", Severity.ERROR, "RFC 6120 §4.9.1.1",
    "a stream error that is not followed by the end of the stream",
)  # fmt: skip


@S19.on(raw(mood=Mood.ENDED))
def element_behind_error(sight: Sight) -> Iterator[Said]:
    """A stream error cannot be recovered from."""
    record, way = sight.record, sight.conn.way(sight.record.dir)
    if way.failed is None or way.closed is not None or record.kind in ("/stream", *_LOOSE):
        return
    if record.kind not in ("opaque", "partial"):
        yield f"{named(record)} after the stream error of frame {way.failed.n}"


@S19.at_end
def error_without_end(ending: Ending) -> Iterator[Said]:
    """Only where the peer itself ended the connection: it had the time."""
    way = _closer(ending)
    spoke = None if way is None else ending.conn.way(way)
    if spoke is not None and spoke.failed is not None and spoke.closed is None:
        yield Breach("the stream error is not followed by </stream:stream>", place=spoke.failed)


S20 = Rule(
    "S20", Severity.ERROR, "RFC 6120 §4.9.2",
    "a stream error without exactly one known condition", lesser=Severity.WARNING,
)  # fmt: skip


def _conditions(sight: Sight) -> list[str]:
    found = sight.tree.iterchildren(f"{{{ns.STREAM_ERRORS}}}*")
    return [name for each in found if (name := tree.local(each)) != "text"]


@S20.on(ERROR)
def wrong_condition(sight: Sight) -> Iterator[Said]:
    """Names of RFC 3920 are only warned of."""
    conditions = _conditions(sight)
    if not conditions:
        yield "the stream error has no condition"
    elif len(conditions) > 1:
        yield f"the stream error has {len(conditions)} conditions: {listed(conditions)}"
    elif conditions[0] in _LEGACY:
        now = _LEGACY[conditions[0]]
        yield Breach(f"{conditions[0]} is called {now} since RFC 6120", Severity.WARNING)
    elif conditions[0] not in _CONDITIONS:
        yield f"{word(conditions[0])!r} is no condition of stream errors"


S21 = Rule(
    "S21", Severity.WARNING, "RFC 6120 §4.9.3.21",
    "undefined-condition without an element of the application that says more",
)  # fmt: skip


@S21.on(ERROR)
def nothing_specific(sight: Sight) -> Iterator[Said]:
    """The condition exists only to go with another element."""
    others = [each for each in sight.children if tree.namespace(each) != ns.STREAM_ERRORS]
    if "undefined-condition" in _conditions(sight) and not others:
        yield "undefined-condition, and nothing that says what is meant"


S32 = Rule(
    "S32", Severity.WARNING, "RFC 6120 §4.9.3.19",
    "see-other-host in the clear, or with something that is no host",
)  # fmt: skip


@S32.on(ERROR)
def redirect(sight: Sight) -> Iterator[Said]:
    """Whoever can write into a clear stream could send the peer anywhere."""
    told = sight.child(ns.STREAM_ERRORS, "see-other-host")
    if told is None:
        return
    host = tree.text(told).strip()
    if not _is_host(host):
        yield f"see-other-host names no host: {word(host)!r}"
    if sight.conn.exposed(Side.SERVER):
        yield "see-other-host before TLS: anybody on the way can redirect the client"


def _is_host(text: str) -> bool:
    """`host`, `host:port`, `[IPv6]`, `[IPv6]:port`."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, ""
    elif not (port.isascii() and port.isdigit() and int(port[:9]) <= _MAX_PORT):
        return False
    if host.startswith("[") and host.endswith("]"):
        return ":" in host
    return bool(host) and ":" not in host and "@" not in host and flaw(host) is None
