"""Every kind of action, by name."""

from collections.abc import Callable, Mapping
from typing import Final

from xmppspy.intervene import actions, makers, replies, values
from xmppspy.intervene.kinds import Kind, Parameter
from xmppspy.protocol.toxics import (
    Bandwidth,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    Timeout,
    Toxic,
)
from xmppspy.protocol.verdicts import DROP, End, Verdict

_FRAMES: Final = (
    Kind("drop", "it does not go on", '"drop"', makers.plain(DROP), is_last=True),
    Kind(
        "duplicate", "it leaves twice, or more often", "{duplicate = 3}", makers.duplicate,
        (Parameter("copies", "how often, from 2; copies have 32 MiB together at most", values.copies),),
    ),
    Kind(
        "delay", "it waits, and its direction behind it", "{delay = 2.0}", makers.delay,
        (Parameter("seconds", "how long", values.seconds, is_needed=True),),
    ),
    Kind(
        "reorder", "the next stanza overtakes it, if one comes within a second", '"reorder"',
        makers.plain(Verdict(overtaken=True)),
    ),
    Kind(
        "hold", "it waits until a person decides", '{hold = 10, otherwise = "drop"}', makers.hold,
        (
            Parameter("seconds", "how long at most, 30 unless said", values.seconds),
            Parameter(
                "otherwise", "what then: `forward`, unless said, or `drop`",
                values.one_of("forward", "drop"),
            ),
        ),
    ),
    Kind(
        "replace", "parts of it change, the other bytes stay",
        '{replace = "//c:body", text = "Hello"}', makers.replace,
        (
            Parameter("target", "which parts, as an XPath", values.text, is_needed=True),
            Parameter("text", "the new text of an element or value of an attribute", values.text),
            Parameter("element", "XML in the place of an element", values.text),
            Parameter("attribute", "an attribute of an element, with `value`", values.name),
            Parameter("value", "its new value", values.text),
            Parameter("remove", "`true`: the part goes, or the attribute", values.truth),
        ),
    ),
    Kind(
        "answer", "it does not go on, its sender gets an answer",
        '{answer = "error", condition = "item-not-found"}', makers.answer,
        (
            Parameter("answer", "`result`, `error`, or an element", values.text, is_needed=True),
            Parameter("payload", "for a result: what stands in it, as XML", values.text),
            Parameter(
                "condition", "for an error, `service-unavailable` unless said",
                values.one_of(*replies.CONDITIONS),
            ),
            Parameter("type", "for an error, the usual one unless said", values.one_of(*replies.TYPES)),
            Parameter("text", "for an error, in words", values.text),
        ),
        is_last=True,
    ),
    Kind(
        "inject", "more elements follow it, or go back", '{inject = "push.xml", to = "client"}',
        makers.inject,
        (
            Parameter("file", "which: a file beside the rules, or XML", values.text, is_needed=True),
            Parameter("to", "`client` or `server`; where it goes, unless said",
                      values.one_of("client", "server")),
        ),
    ),
    Kind(
        "refuse", "STARTTLS is refused, and the connection closed", '"refuse"', makers.refuse,
        is_last=True,
    ),
    Kind(
        "close", "it goes on, then the connection is closed in order", '"close"',
        makers.plain(Verdict(end=End.CLOSE)), is_last=True,
    ),
    Kind(
        "reset", "it goes on, then the connection is reset", '"reset"',
        makers.plain(Verdict(end=End.RESET)), is_last=True,
    ),
    Kind(
        "mark", "a bookmark in the capture", '{mark = "here"}', makers.mark,
        (Parameter("text", "what it says", values.text, is_needed=True),), is_silent=True,
    ),
    Kind(
        "note", "a note in the capture", '{note = "third push"}', makers.note,
        (Parameter("text", "what it says", values.text, is_needed=True),), is_silent=True,
    ),
)  # fmt: skip


def _fault(
    name: str, help_: str, example: str, toxic: Callable[..., Toxic], *parameters: Parameter
) -> Kind:
    return Kind(
        name, help_, example, lambda given, _: actions.fault(toxic(**given)), parameters,
        toxic=toxic,
    )  # fmt: skip


_FAULTS: Final = (
    _fault(
        "latency", "everything is late; by a filter, the frame is", '{latency = 0.2, jitter = "50ms"}',
        Latency,
        Parameter("latency", "seconds", values.line_seconds, is_needed=True),
        Parameter("jitter", "so much more or less, by chance", values.line_seconds),
    ),
    _fault(
        "bandwidth", "no more gets through", '{bandwidth = "20kB/s"}', Bandwidth,
        Parameter("rate", "bytes a second", values.rate, is_needed=True),
    ),
    _fault(
        "slicer", "data leaves in small pieces", "{slicer = 1}", Slicer,
        Parameter("average_size", "bytes; 1: each by itself", values.count, is_needed=True),
        Parameter("size_variation", "so much more or less, by chance", values.size),
        Parameter("delay", "between two pieces", values.seconds),
    ),
    _fault(
        "timeout", "nothing gets through; then the connection is closed", "{timeout = 5}", Timeout,
        Parameter("timeout", "when; never, unless said", values.seconds),
    ),
    _fault(
        "reset_peer", "the connection is reset", "{reset_peer = 2}", ResetPeer,
        Parameter("timeout", "when; at once, unless said", values.seconds),
    ),
    _fault(
        "limit_data", "the connection is closed when so much has got through", "{limit_data = 1000}",
        LimitData,
        Parameter("bytes", "how much", values.size, is_needed=True),
    ),
)  # fmt: skip
"""What can be wrong with a line; names and parameters are toxiproxy's."""

KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in (*_FRAMES, *_FAULTS)}
