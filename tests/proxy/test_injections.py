import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest

from tests.conversation import HEADER
from tests.proxy.talks import Talk
from xmppspy.control import news, replies, requests
from xmppspy.control.wire import Refused
from xmppspy.protocol.events import Direction, FrameRecord, Note, Side
from xmppspy.proxy import injections
from xmppspy.proxy.injections import Injections, templates
from xmppspy.proxy.profiles import Profiles

PING = "<iq type='get' id='p1' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>"
PONG = b"<iq type='result' id='p1' from='capulet.example'/>"
HIST = b"<message><body>Hist!</body></message>"


@dataclass(frozen=True)
class Expected:
    """What is expected of whom."""

    id: str
    direction: Direction
    """Of the request."""
    responder: str | None
    is_private: bool


class Expecting:
    """Tells of every answer in a direction whose id is expected there."""

    def __init__(self) -> None:
        self.expected: list[Expected] = []
        self.tell: Callable[[int, FrameRecord], None] = lambda _conn, _record: None

    def expect(
        self,
        conn: int,
        id_: str,
        direction: Direction,
        now: float,
        *,
        responder: str | None,
        is_private: bool,
        seconds: float,
    ) -> None:
        """An answer is to be told."""
        assert conn == 1
        assert seconds > 3600
        self.expected.append(Expected(id_, direction, responder, is_private))

    def see(self, event: object) -> None:
        """Look whether it is one."""
        if not isinstance(event, FrameRecord) or event.type not in ("result", "error"):
            return
        if any((each.id, each.direction) == (event.id, _back(event)) for each in self.expected):
            self.tell(1, event)


def _back(record: FrameRecord) -> Direction:
    return "s2c" if record.dir == "c2s" else "c2s"


class Scene:
    """A connection, and who puts something into it."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.talk = Talk()
        self.told: list[news.News] = []
        self.notes: list[Note] = []
        self.replies: list[replies.Reply | replies.Error] = []
        self.expecting = Expecting()
        profiles = Profiles()
        self.injections = Injections(
            {1: self.talk},
            profiles,
            self.expecting,
            iter(f"xmppspy-{n}" for n in count(1)).__next__,
            lambda: self.talk.now,
            lambda event: self.notes.append(event) if isinstance(event, Note) else None,
            self.told.append,
        )
        self.expecting.tell = self.injections.answered
        self.talk.watchers += [profiles.see, self.expecting.see]
        if is_open:
            self.talk.open()

    def puts(self, xml: str, to: Side = Side.SERVER, **more: object) -> None:
        """Something is put in."""
        request = requests.Inject(conn=1, to=to, xml=xml, **more)  # type: ignore[arg-type]
        self.injections.inject(request, self.replies.append)


def test_stanza_is_put_in() -> None:
    """Towards either side; it is replied what was sent, noted, and told to those who watch."""
    scene = Scene()
    scene.puts(PING)
    scene.puts(HIST.decode(), Side.CLIENT)

    assert scene.talk.server_gets() == PING.encode()
    assert scene.talk.client_gets() == HIST
    assert scene.replies == [
        replies.Injected(conn=1, to=Side.SERVER, xml=PING, ids=["p1"]),
        replies.Injected(conn=1, to=Side.CLIENT, xml=HIST.decode(), ids=[]),
    ]
    assert [note.text for note in scene.notes] == [
        "injected by hand, towards the server",
        "injected by hand, towards the client",
    ]
    assert scene.told == [
        news.Injected(conn=1, dir="c2s", xml=PING),
        news.Injected(conn=1, dir="s2c", xml=HIST.decode()),
    ]
    assert scene.talk.kinds("c2s")[-1] == "+iq"


@pytest.mark.parametrize(
    ("xml", "has_one"),
    [
        ("<iq type='get'><a xmlns='b'/></iq>", True),
        ("<iq\ntype='set'/>", True),
        ("<iq type='get' id=''/>", False),
        ("<message/>", False),
        ("<iq type='result'/>", False),
    ],
)
def test_requests_without_an_id_get_one(xml: str, has_one: bool) -> None:
    """Nothing else is changed."""
    scene = Scene()
    scene.puts(xml)
    sent = scene.talk.server_gets().decode()
    (reply,) = scene.replies

    assert (sent != xml) == has_one
    assert isinstance(reply, replies.Injected)
    if has_one:
        (made,) = reply.ids
        assert made.startswith("xmppspy-")
        assert sent == xml.replace("<iq", f'<iq id="{made}"', 1)


def test_ids_differ() -> None:
    """Each request has its own."""
    scene = Scene()
    scene.puts("<iq type='get'/><iq type='get'/>")
    (reply,) = scene.replies

    assert isinstance(reply, replies.Injected)
    assert len(set(reply.ids)) == 2


def test_answer_is_waited_for() -> None:
    """The reply comes with it; those who watch are told, too."""

    async def scene_() -> Scene:
        scene = Scene()
        scene.puts(PING, wait=10.0)
        assert scene.replies == []
        scene.talk.now = 0.25
        scene.talk.server_sends(HIST + PONG)
        return scene

    scene = asyncio.run(scene_())
    answer = replies.Answer(
        conn=1, id="p1", type="result", xml=PONG.decode(), seconds=0.25, private=False
    )

    assert scene.replies == [
        replies.Injected(conn=1, to=Side.SERVER, xml=PING, ids=["p1"], answers=[answer])
    ]
    assert scene.told[-1] == news.Answer(answer=answer)
    assert scene.expecting.expected == [Expected("p1", "c2s", "capulet.example", False)]


def test_all_answers_are_waited_for() -> None:
    """Also where one is an error."""

    async def scene_() -> Scene:
        scene = Scene()
        scene.puts(PING + PING.replace("p1", "p2"), wait=10.0)
        scene.talk.server_sends(PONG.replace(b"p1", b"p2").replace(b"result", b"error"))
        assert scene.replies == []
        scene.talk.server_sends(PONG)
        return scene

    (reply,) = asyncio.run(scene_()).replies

    assert isinstance(reply, replies.Injected)
    assert [(each.id, each.type) for each in reply.answers] == [("p2", "error"), ("p1", "result")]


def test_answer_that_does_not_come() -> None:
    """After the time that was given, the reply says which it is; a later one is none of ours."""

    async def scene_() -> Scene:
        scene = Scene()
        scene.puts(PING, wait=0.01)
        async with asyncio.timeout(20):
            while True:
                if scene.replies:
                    break
                await asyncio.sleep(0)
        scene.talk.server_sends(PONG)
        return scene

    scene = asyncio.run(scene_())

    assert scene.replies == [
        replies.Injected(conn=1, to=Side.SERVER, xml=PING, ids=["p1"], missing=["p1"])
    ]
    assert not [told for told in scene.told if isinstance(told, news.Answer)]


def test_connection_that_ends_answers_nothing() -> None:
    """The reply comes at once."""

    async def scene_() -> Scene:
        scene = Scene()
        scene.puts(PING, wait=100.0)
        scene.injections.closed(2)
        assert scene.replies == []
        scene.injections.closed(1)
        return scene

    (reply,) = asyncio.run(scene_()).replies

    assert isinstance(reply, replies.Injected)
    assert reply.missing == ["p1"]


def test_answers_that_nobody_waits_for_are_told() -> None:
    """Once each."""
    scene = Scene()
    scene.puts(PING)
    scene.talk.server_sends(PONG + PONG)

    assert [type(told) for told in scene.told] == [news.Injected, news.Answer]


def test_private_answer_is_expected() -> None:
    """By whoever can keep it from the other side."""
    scene = Scene()
    scene.puts(PING, private=True)
    scene.puts(PING, Side.CLIENT, private=True)

    assert scene.expecting.expected == [
        Expected("p1", "c2s", "capulet.example", True),
        Expected("p1", "s2c", "capulet.example", True),
    ]


def test_template_is_filled() -> None:
    """With an id of ours."""
    scene = Scene()
    request = requests.Inject(
        conn=1, to=Side.SERVER, template="ping", fields={"to": "capulet.example"}
    )
    scene.injections.inject(request, scene.replies.append)
    sent = scene.talk.server_gets()

    assert sent.startswith(b'<iq to="capulet.example" type="get" id="xmppspy-')
    assert b"urn:xmpp:ping" in sent


def test_forced_bytes_are_put_in() -> None:
    """Unchecked, and said to be so."""
    scene = Scene()
    request = requests.Inject(conn=1, to=Side.SERVER, b64=b"<message>\xff", force=True)
    scene.injections.inject(request, scene.replies.append)

    assert scene.talk.server_gets() == b"<message>\xff"
    assert scene.notes[0].text == "injected by hand, unchecked, towards the server"


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"xml": "<a>"}, "malformed", "<a> is not closed"),
        ({"xml": "<a/>", "wait": -1.0}, "bad-request", "wait: from 0"),
        ({"xml": "<a/>", "wait": 1e9}, "bad-request", "wait: from 0"),
        ({"xml": "<message/>", "wait": 1.0}, "nothing-to-wait-for", "only an iq"),
        ({"xml": "<message/>", "private": True}, "nothing-to-wait-for", "only an iq"),
        ({"xml": "<a/>", "fields": {"to": "x"}}, "template", "name one"),
        ({"xml": "<a/>", "template": "ping"}, "bad-request", "not both"),
        ({"template": "pong"}, "template", "there are message"),
        ({"template": "ping", "fields": {"x": "y"}}, "template", "there is no x"),
        ({"template": "iq-get", "fields": {"payload": "<a>"}}, "malformed", "not well-formed"),
        ({"xml": "<a/>", "conn": 7}, "no-such-connection", "no open connection 7; open: 1"),
        ({}, "bad-request", "give xml"),
    ],
)
def test_what_cannot_be_put_in(given: dict[str, object], name: str, words: str) -> None:
    """Nothing is sent, and it is said why."""
    scene = Scene()
    request = requests.Inject(**{"conn": 1, "to": Side.SERVER, **given})  # type: ignore[arg-type]
    with pytest.raises(Refused, match=words) as caught:
        scene.injections.inject(request, scene.replies.append)

    assert caught.value.error.name == name
    assert scene.talk.server_gets() == b""
    assert scene.notes == []


def test_no_stream_to_put_it_into() -> None:
    """Before it has begun, and after its end."""
    scene = Scene(is_open=False)
    for says, said in (
        (scene.talk.client_sends, HEADER),
        (scene.talk.server_sends, b"</stream:stream>"),
    ):
        says(said)
        with pytest.raises(Refused, match="no stream towards the client") as caught:
            scene.puts(PING, Side.CLIENT)
        assert caught.value.error.name == "no-stream"

    assert PING.encode() not in scene.talk.client_gets()


def test_session_that_is_over() -> None:
    """A connection may have ended without its streams."""
    scene = Scene()
    scene.talk.session.stop("over", 0.0)

    with pytest.raises(Refused, match="no stream"):
        scene.puts(PING)
    assert scene.injections._questions == {}


def test_unanswered_ones_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are forgotten."""
    monkeypatch.setattr(injections, "MOST_QUESTIONS", 2)
    scene = Scene()
    for number in range(3):
        scene.puts(PING.replace("p1", f"p{number}"))
    scene.talk.server_sends(PONG.replace(b"p1", b"p0") + PONG.replace(b"p1", b"p2"))

    assert [told.answer.id for told in scene.told if isinstance(told, news.Answer)] == ["p2"]


def test_templates_are_listed() -> None:
    """With their fields."""
    found = {each.name: each for each in templates().templates}

    assert {"message", "presence", "iq-get", "iq-set", "disco", "ping"} <= {*found}
    assert [field.name for field in found["ping"].fields] == ["to", "from", "id"]
    assert [field.needed for field in found["iq-get"].fields if field.name == "payload"] == [True]
