import msgspec
import pytest

from tests.scripting.staging import MESSAGE, QUERY, frame_of
from xmppspy.intervene.records import record_of
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Side
from xmppspy.protocol.verdicts import FORWARD, End, Hold, Verdict
from xmppspy.scripting import messages
from xmppspy.scripting.messages import Lines

TO_SCRIPT: list[messages.ToScript] = [
    messages.Load(b"\xff\n"),
    messages.Open(1, "127.0.0.1:5", "capulet.example", "juliet@capulet.example"),
    messages.Close(1),
    messages.Ask.about(2, record_of(1, "c2s", frame_of(MESSAGE), 0.5)),
    messages.Known(1, None, "juliet@capulet.example"),
    messages.Context.of(1, "s2c", StreamContext("", {"a": "urn:a"}, "jabber:server", "en")),
]
TO_PROXY: list[messages.FromScript] = [
    messages.Loaded(judges=True, filter="iq"),
    messages.Refused("SyntaxError", 3),
    messages.Done(),
    messages.Answer(),
    messages.Say("text", 1, noted=False),
    messages.Note(1, "line\nfeed"),
    messages.Inject(1, Side.SERVER, b"<r/>\xff"),
    messages.Stop(1, End.RESET),
]


@pytest.mark.parametrize("message", TO_SCRIPT)
def test_what_the_proxy_says(message: messages.ToScript) -> None:
    """Each message is one line, and reads as it was written."""
    line = messages.encode(message)

    assert line.find(b"\n") == len(line) - 1
    assert messages.read_by_script(line) == message


@pytest.mark.parametrize("message", TO_PROXY)
def test_what_the_script_says(message: messages.FromScript) -> None:
    """Each message is one line, and reads as it was written."""
    line = messages.encode(message)

    assert line.find(b"\n") == len(line) - 1
    assert messages.read_by_proxy(line) == message


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b'{"is":"ask"}', b'{"is":"answer","copies":1.5}']
)
def test_what_nobody_understands(line: bytes) -> None:
    """Anything else is refused."""
    with pytest.raises(msgspec.DecodeError):
        messages.read_by_proxy(line)


def test_a_question_holds_the_frame() -> None:
    """Filters and trees get the frame as it was, in its stream."""
    record = record_of(3, "c2s", frame_of(QUERY), 0.5)

    assert messages.Ask.about(2, record).record(record.context) == record


def test_a_context_is_told_whole() -> None:
    """Default and content namespace, prefixes, language."""
    context = StreamContext("", {"a": "urn:a"}, "jabber:server", "en")

    assert messages.Context.of(1, "s2c", context).context() == context


@pytest.mark.parametrize(
    "verdict",
    [
        FORWARD,
        Verdict(data=None),
        Verdict(data=b"\xff", copies=3, delay=0.5, overtaken=True, hold=Hold(5.0, drops=True)),
        Verdict(behind=b"<a/>", back=b"<b/>", end=End.CLOSE, notes=("a", "b"), marks=("c",)),
        Verdict(hold=Hold(5.0)),
    ],
)
def test_verdicts_arrive_as_they_were(verdict: Verdict) -> None:
    """What the script means is what the proxy carries out."""
    answer = messages.read_by_proxy(messages.encode(messages.Answer.of(verdict)))
    assert isinstance(answer, messages.Answer)

    assert answer.verdict() == verdict
    assert answer.verdict().ender == "a script"


def test_lines_are_cut_however_they_arrive() -> None:
    """In pieces, several at once, and with the rest kept."""
    lines = Lines()
    whole = b"one\ntwo\n\nthr"

    assert lines.receive(b"") == []
    assert [each for byte in whole for each in lines.receive(bytes([byte]))] == [
        b"one",
        b"two",
        b"",
    ]
    assert lines.unfinished == 3
    assert lines.receive(b"ee\nfour\n") == [b"three", b"four"]
    assert lines.unfinished == 0
