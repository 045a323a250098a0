"""Injections: what a person puts into a stream, and what is answered."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from xmppspy.control import news, replies, requests
from xmppspy.control.wire import Refused
from xmppspy.errors import MalformedXML, TemplateError
from xmppspy.intervene import fragments
from xmppspy.intervene.templates import TEMPLATES, template
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Direction, Event, FrameRecord, Note, Side
from xmppspy.protocol.framing import Frame
from xmppspy.proxy.holds import malformed, refusal, written
from xmppspy.proxy.profiles import Profiles

MOST_WAIT: Final = 3600.0
"""Seconds that an answer may be waited for."""

_PATIENCE: Final = MOST_WAIT + 1
"""Seconds that an answer is looked out for, whether somebody waits for it or not."""

MOST_QUESTIONS: Final = 1000
"""Unanswered iqs that are remembered; of more, the oldest are forgotten."""

Answering: TypeAlias = Callable[[replies.Reply | replies.Error], None]
"""Takes the reply to a request; now or later, once."""


class Target(Protocol):
    """A connection, as far as something can be put into its streams."""

    def inject(self, to: Side, data: bytes) -> bool:
        """Send elements of our own to a peer; False when there is no stream to put them into."""


class Expecting(Protocol):
    """Who sees answers come, and can keep them from those who never asked."""

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
        """A request of that id was injected into a direction; its answer is to be told."""


@dataclass(eq=False, slots=True)
class _Wait:
    """A request that is replied to when there are answers, or when time is up."""

    injected: replies.Injected
    reply: Answering
    missing: list[str]
    answers: list[replies.Answer] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None

    def take(self, answer: replies.Answer) -> None:
        self.answers.append(answer)
        self.missing.remove(answer.id)
        if not self.missing:
            self.finish()

    def finish(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        done = self.injected
        self.reply(
            replies.Injected(
                conn=done.conn,
                to=done.to,
                xml=done.xml,
                ids=done.ids,
                answers=self.answers,
                missing=self.missing,
            )
        )


@dataclass(frozen=True, slots=True)
class _Question:
    """An iq that was put in and is not answered yet."""

    since: float
    is_private: bool
    wait: _Wait | None


_Key: TypeAlias = tuple[int, Direction, str]
"""Connection, the direction that the answer will have, and the id."""


class Injections:
    """Puts things into the streams of the connections, which have numbers.

    `expecting` is told of each request, and tells of its answer by `answered`. `record` takes the
    notes of what was done, `now` gives seconds since the capture was created, `tell` is told of
    injections and answers.
    """

    def __init__(
        self,
        connections: Mapping[int, Target],
        profiles: Profiles,
        expecting: Expecting,
        new_id: Callable[[], str],
        now: Callable[[], float],
        record: Callable[[Event], None],
        tell: Callable[[news.News], None],
    ) -> None:
        self._connections = connections
        self._profiles = profiles
        self._expecting = expecting
        self._new_id = new_id
        self._now = now
        self._record = record
        self._tell = tell
        self._questions: OrderedDict[_Key, _Question] = OrderedDict()

    # --- asking

    def inject(self, request: requests.Inject, reply: Answering) -> None:
        """Put something in, and reply; later, if answers are to be waited for. Raises Refused."""
        if not 0 <= request.wait <= MOST_WAIT:
            raise refusal("bad-request", f"wait: from 0 to {MOST_WAIT:.0f} seconds")
        data = self._made(request, self._stream(request))
        frames = fragments.read(data, self._stream(request))[0]
        asked = {frame.id: frame.to for frame in frames if frame.id and _asks(frame)}
        if (request.wait or request.private) and not asked:
            raise refusal("nothing-to-wait-for", "only an iq of type get or set is answered")
        done = replies.Injected(
            conn=request.conn,
            to=request.to,
            xml=data.decode(errors="backslashreplace"),
            ids=[frame.id for frame in frames if frame.id],
        )
        wait = _Wait(done, reply, list(asked)) if request.wait else None
        self._send(request, data, asked, wait)
        self._tell(news.Injected(conn=done.conn, dir=request.to.other.direction, xml=done.xml))
        if wait is None:
            reply(done)
        else:
            loop = asyncio.get_running_loop()
            wait.timer = loop.call_later(request.wait, self._give_up, request, wait)

    def _send(
        self,
        request: requests.Inject,
        data: bytes,
        asked: dict[str, str | None],
        wait: _Wait | None,
    ) -> None:
        """Send it, when everything is ready for answers. Raises Refused."""
        now, conn = self._now(), request.conn
        for id_, to in asked.items():
            self._ask((conn, request.to.direction, id_), _Question(now, request.private, wait), to)
        checked = ", unchecked" if request.force else ""
        if self._connections[conn].inject(request.to, data):
            text = f"injected by hand{checked}, towards the {request.to}"
            self._record(Note(t=self._now(), text=text, conn=conn))
            return
        for id_ in asked:
            self._questions.pop((conn, request.to.direction, id_), None)
        raise self._no_stream(request)

    def _ask(self, key: _Key, question: _Question, responder: str | None) -> None:
        self._questions[key] = question
        while len(self._questions) > MOST_QUESTIONS:
            self._questions.popitem(last=False)
        conn, direction, id_ = key
        self._expecting.expect(
            conn,
            id_,
            "s2c" if direction == "c2s" else "c2s",
            question.since,
            responder=responder,
            is_private=question.is_private,
            seconds=_PATIENCE,
        )

    def _give_up(self, request: requests.Inject, wait: _Wait) -> None:
        for id_ in wait.missing:
            self._questions.pop((request.conn, request.to.direction, id_), None)
        wait.finish()

    # --- what is put in

    def _stream(self, request: requests.Inject) -> StreamContext:
        """The stream that it stands in."""
        profile = self._profiles.of(request.conn)
        if profile is None or request.conn not in self._connections:
            raise no_connection(request.conn, self._connections)
        way = profile.way(request.to.other.direction)
        if way.stream is None or way.is_over:
            raise self._no_stream(request)
        return way.stream

    def _no_stream(self, request: requests.Inject) -> Exception:
        detail = (
            f"there is no stream towards the {request.to} at present: it has not begun, waits for "
            "TLS, or is over"
        )
        return refusal("no-stream", detail)

    def _made(self, request: requests.Inject, stream: StreamContext) -> bytes:
        """The bytes that are put in."""
        if request.template is None:
            if request.fields:
                raise refusal("template", "fields are for a template; name one")
            data = written(request.xml, request.b64, stream, is_forced=request.force)
            return data if request.force else self._with_ids(data, stream)
        if request.xml is not None or request.b64 is not None:
            raise refusal("bad-request", "give xml or a template, not both")
        try:
            return template(request.template).fill(request.fields, self._new_id, stream)
        except TemplateError as error:
            raise refusal("template", str(error)) from None
        except MalformedXML as error:
            raise malformed(error) from None

    def _with_ids(self, data: bytes, stream: StreamContext) -> bytes:
        frames = fragments.read(data, stream)[0]
        return b"".join(
            _with_id(frame.data, self._new_id())
            if _asks(frame) and frame.id is None
            else frame.data
            for frame in frames
        )

    # --- what comes back

    def answered(self, conn: int, record: FrameRecord) -> None:
        """An answer that was expected has come."""
        id_, type_ = record.id or "", record.type or ""
        question = self._questions.pop((conn, record.dir, id_), None)
        if question is None:
            return
        answer = replies.Answer(
            conn=conn,
            id=id_,
            type=type_,
            xml=record.data.decode(errors="backslashreplace"),
            seconds=round(max(record.t - question.since, 0.0), 6),
            private=question.is_private,
        )
        self._tell(news.Answer(answer=answer))
        if question.wait is not None:
            question.wait.take(answer)

    def closed(self, conn: int) -> None:
        """A connection is over: nothing more is answered on it."""
        over = [key for key in self._questions if key[0] == conn]
        waits = [self._questions.pop(key).wait for key in over]
        for wait in dict.fromkeys(filter(None, waits)):
            wait.finish()


def no_connection(conn: int, open_: Iterable[int]) -> Refused:
    """What is told of a connection that is not open."""
    numbers = ", ".join(map(str, open_)) or "none"
    detail = f"there is no open connection {conn}; open: {numbers}"
    return refusal("no-such-connection", detail)


def templates() -> replies.Templates:
    """What can be injected by name."""
    return replies.Templates(
        templates=[
            replies.Template(
                name=each.name,
                help=each.help,
                fields=[
                    replies.Field(
                        name=field.name,
                        help=field.help,
                        default=field.default,
                        needed=field.is_needed,
                    )
                    for field in each.fields
                ],
            )
            for each in TEMPLATES.values()
        ]
    )


def _asks(frame: Frame) -> bool:
    return frame.kind == "iq" and frame.xmlns is None and frame.type in ("get", "set")


def _with_id(data: bytes, id_: str) -> bytes:
    """A stanza that has no id, with one."""
    match = lex.TOKEN.match(data)
    end = match.end(lex.TOKEN.groupindex["start"]) if match else 0
    return b'%s id="%s"%s' % (data[:end], id_.encode(), data[end:])
