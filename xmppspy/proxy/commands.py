"""Commands: what a running proxy does for those who connect to its control socket."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import assert_never

from xmppspy.control import news, replies, requests
from xmppspy.control.wire import Refused
from xmppspy.intervene.ids import Ids
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    FateDecided,
    FrameRecord,
    Mark,
    StanzaRun,
)
from xmppspy.protocol.verdicts import End
from xmppspy.proxy.clock import Clock
from xmppspy.proxy.control import Caller
from xmppspy.proxy.holds import Holds, refusal
from xmppspy.proxy.injections import Injections, no_connection, templates
from xmppspy.proxy.profiles import Profile, Profiles, Way
from xmppspy.proxy.server import Listener
from xmppspy.proxy.steering import Steering


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a proxy is, for those who ask."""

    tool: str
    """Name and version."""
    pid: int
    upstream: str
    """What it was started for."""
    capture: str | None
    """The file that is written."""


class Commands:
    """Obeys requests about the connections of a listener.

    It has to `see` every event that is recorded; `tell` is where it says what happens, to be set
    by whoever has listeners.
    """

    def __init__(self, listener: Listener, steering: Steering, clock: Clock, about: About) -> None:
        self._listener = listener
        self._steering = steering
        self._clock = clock
        self._about = about
        self._profiles = Profiles()
        self.tell: Callable[[news.News], None] = _unheard
        """Takes what happens, for those who watch."""
        self._holds = Holds(listener.relays, clock.now, self._tell)
        self._injections = Injections(
            listener.relays,
            self._profiles,
            steering,
            Ids(Random()),  # noqa: S311 - nobody has to guess them
            clock.now,
            listener.say,
            self._tell,
        )
        listener.holds_changed = self._holds.look
        steering.tell = self._tell
        steering.on_answer = self._injections.answered

    # --- what happens

    def see(self, event: Event | StanzaRun) -> None:
        """Take the next event that was recorded."""
        if isinstance(event, FrameRecord):
            self._profiles.see_frame(event)
            return
        if isinstance(event, StanzaRun):
            self._profiles.see_run(event)
            return
        self._profiles.see(event)
        if isinstance(event, FateDecided):
            self._holds.fate(event)
        elif isinstance(event, ConnectionOpened):
            self._tell(news.Opened(conn=event.conn, client=event.client))
        elif isinstance(event, ConnectionClosed):
            self._injections.closed(event.conn)
            self._tell(news.Closed(conn=event.conn, by=event.by, reason=event.reason))

    def _tell(self, told: news.News) -> None:
        self.tell(told)

    # --- what is asked for

    def obey(self, request: requests.AnyRequest, caller: Caller) -> None:
        """Carry out a request, and reply; later, if the request wants to wait."""
        try:
            reply = self._done(request, caller)
        except Refused as refused:
            caller.reply(request, refused.error)
        else:
            if reply is not None:
                caller.reply(request, reply)

    def _done(self, request: requests.AnyRequest, caller: Caller) -> replies.Reply | None:
        """Carry it out; the reply, if there is one already."""
        match request:
            case requests.Status():
                return self._status()
            case requests.Connections():
                return replies.Connections(connections=list(map(self._described, self._profiles)))
            case requests.Hold():
                return self._steering.hold(request)
            case requests.Held():
                return replies.HeldFrames(frames=self._holds.frames())
            case requests.Release():
                return self._holds.release(request)
            case requests.Drop():
                return self._holds.drop(request)
            case requests.Duplicate():
                return self._holds.duplicate(request)
            case requests.Edit():
                return self._holds.edit(request)
            case requests.Extend():
                return self._holds.extend(request)
            case requests.Kill():
                return self._kill(request)
            case requests.Mark():
                return self._mark(request)
            case requests.Rules():
                return self._steering.rules(request)
            case requests.Templates():
                return templates()
            case requests.Watch():
                return self._watch(caller)
            case requests.Inject():
                self._injections.inject(request, partial(caller.reply, request))
                return None
            case _:
                assert_never(request)

    def _status(self) -> replies.Status:
        about, listener = self._about, self._listener
        rules = self._steering.rules(requests.Rules())
        return replies.Status(
            tool=about.tool,
            pid=about.pid,
            upstream=about.upstream,
            listening=listener.addresses,
            capture=about.capture,
            created=self._clock.created.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            t=round(self._clock.now(), 6),
            connections=len(self._profiles),
            accepted=listener.accepted,
            frames=listener.frames,
            held=len(self._holds),
            breakpoint=self._steering.breakpoint,
            rules=sum(rule.on for rule in rules.rules),
            rules_file=rules.file,
        )

    def _described(self, profile: Profile) -> replies.Connection:
        return replies.Connection(
            conn=profile.conn,
            client=profile.client,
            server=profile.server,
            domain=profile.domain,
            jid=profile.jid,
            state=profile.state,
            tls={
                side: replies.Leg(version=tls.version, cipher=tls.cipher)
                for side, tls in profile.tls.items()
            },
            sm=profile.sm,
            c2s=_traffic(profile.c2s),
            s2c=_traffic(profile.s2c),
            since=profile.since,
            held=self._holds.of(profile.conn),
        )

    def _kill(self, request: requests.Kill) -> replies.Killed:
        open_ = self._listener.relays
        conns = list(open_) if request.conn == "all" else [request.conn]
        for conn in conns:
            if conn not in open_:
                raise no_connection(conn, open_)
        how = End(request.how)
        for conn in conns:
            if relay := open_.get(conn):
                relay.end(how, "ended by hand" if how is End.CLOSE else "reset by hand")
        return replies.Killed(conns=conns)

    def _mark(self, request: requests.Mark) -> replies.Marked:
        if not request.text.strip():
            raise refusal("bad-request", "text: a bookmark has to say something")
        if request.conn is not None and request.conn not in self._listener.relays:
            raise no_connection(request.conn, self._listener.relays)
        now = self._clock.now()
        self._listener.say(Mark(t=now, text=request.text, conn=request.conn))
        return replies.Marked(t=round(now, 6), recorded=self._about.capture is not None)

    def _watch(self, caller: Caller) -> replies.Watching:
        caller.watches = True
        return replies.Watching(
            frames=self._holds.frames(),
            breakpoint=self._steering.breakpoint,
            t=round(self._clock.now(), 6),
        )


def _traffic(way: Way) -> replies.Traffic:
    return replies.Traffic(frames=way.frames, bytes=way.bytes)


def _unheard(_told: news.News) -> None:
    """Where news go while nobody can hear them."""
