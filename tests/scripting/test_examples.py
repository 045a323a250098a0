"""The examples of docs/scripts.md, and the page's tables."""

import re
from pathlib import Path

import pytest

from tests.scripting.staging import Stage
from xmppspy.protocol.events import Direction
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Verdict
from xmppspy.scripting import Session, Stanza
from xmppspy.scripting.messages import Loaded, Say

_MANUAL = (Path(__file__).parents[2] / "docs" / "scripts.md").read_text(encoding="utf-8")
_EXAMPLES = re.findall(
    r"^#+ ([^\n]+)\n(?:(?!^#).)*?^```python\n(.*?)^```", _MANUAL, re.MULTILINE | re.DOTALL
)
EXAMPLES: dict[str, str] = dict(_EXAMPLES)

HIST = b"<message id='1'><body>Hist! <i/>Romeo</body></message>"


def _stage(title: str) -> Stage:
    stage = Stage()
    assert isinstance(stage.load(EXAMPLES[title]), Loaded)
    stage.open()
    return stage


def _judged(title: str, xml: bytes, direction: Direction) -> Verdict:
    stage = _stage(title)
    verdict = stage.ask(xml, direction).verdict()
    assert list(stage.complaints()) == []
    return verdict


@pytest.mark.parametrize("title", EXAMPLES)
def test_every_example_works(title: str) -> None:
    """It is loaded, and judges what it is shown without complaints."""
    stage = _stage(title)
    stage.ask(HIST, "c2s")
    stage.ask(HIST, "s2c")

    assert not [said for said in stage.said if isinstance(said, Say)]


def test_the_first_example() -> None:
    """It delays one message and drops another."""
    typing = b"<message><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
    said = b"<message><body>Wherefore</body></message>"

    assert _judged("Scripts", said, "s2c") == Verdict(delay=2.0, notes=("slow",))
    assert _judged("Scripts", said, "c2s") == FORWARD
    assert _judged("Scripts", typing, "c2s") == DROP


def test_every_third_is_lost() -> None:
    """Two pass, one is dropped."""
    stage = _stage("Lose every third message")

    assert [stage.ask().verdict() == DROP for _ in range(6)] == [False, False, True] * 2


def test_a_feature_is_missing() -> None:
    """It is cut out of the answer, and nothing else is."""
    kept = b"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>"
    verdict = _judged(
        "A server that lacks a feature", kept % b"<feature var='urn:xmpp:mam:2'/>", "s2c"
    )

    assert verdict.data == kept % b""


def test_answers_in_the_servers_place() -> None:
    """A result and an error."""
    title = "Answer in the server's place"
    version = b"<iq type='get' id='v'><query xmlns='jabber:iq:version'/></iq>"
    slot = b"<iq type='set' id='s'><request xmlns='urn:xmpp:http:upload:0'/></iq>"

    assert b'<iq type="result" id="v"><query' in _judged(title, version, "c2s").back
    assert b'<error type="wait"><resource-constraint' in _judged(title, slot, "c2s").back


def test_a_changed_tree() -> None:
    """The body is in capitals."""
    data = _judged("Change a tree", HIST, "s2c").data
    assert isinstance(data, bytes)

    assert b"<body>HIST! <i/>Romeo</body>" in data


def test_messages_while_the_client_binds() -> None:
    """They come behind the result."""
    bound = b"<iq type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
    verdict = _judged("Messages that arrive while the client binds", bound, "s2c")

    assert verdict.behind.count(b"Madam!") == 20


def test_the_connection_is_cut_once() -> None:
    """Behind the first message."""
    stage = _stage("Cut the connection after the first message")

    assert [stage.ask(HIST).verdict().end for _ in range(2)] == [End.RESET, None]


@pytest.mark.parametrize("cls", [Stanza, Session])
def test_everything_is_documented(cls: type[Stanza | Session]) -> None:
    """Each public name of what a script is given stands in a table of the page."""
    name = "s" if cls is Stanza else "session"
    made = Session(1, "c:1", lambda _deed: None, {}) if cls is Session else cls
    public = {each for each in dir(made) if not each.startswith("_")}
    told = set(re.findall(rf"`{name}\.(\w+)", _MANUAL))

    assert told == public
