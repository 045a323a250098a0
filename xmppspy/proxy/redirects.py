"""Redirects: where servers have sent clients, for when these come back."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from xmppspy.errors import ConnectFailed, UpstreamError
from xmppspy.protocol.hosts import CLIENT_PORT, CLIENT_TLS_PORT, a_label
from xmppspy.protocol.redirects import read_place
from xmppspy.protocol.requests import Redirected
from xmppspy.proxy.connector import Connection
from xmppspy.proxy.upstream import Upstream

MAX_HOPS: Final = 5
"""Redirects in a row that are followed (RFC 6120 §4.9.3.19 asks for a limit)."""

_KEPT: Final = 1000

Connect: TypeAlias = Callable[[str | None, Upstream | None], Awaitable[Connection]]
"""Connects to the server of a domain, or to the place that a redirect names. Raises
UpstreamError."""

_Key: TypeAlias = tuple[str, str | None, bool]


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the next connection is to go."""

    place: Upstream
    sticky: bool = False
    """Whether it counts until it is forgotten, or once."""
    hops: int = 0
    """How many in a row have led there, of those that count once."""


class Redirects:
    """A bounded memory by client's host and domain; the oldest are forgotten first.

    Of the two kinds one counts once, the other, the place where a session can be resumed, until it
    is forgotten; the first goes before the second.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._known: OrderedDict[_Key, Redirect] = OrderedDict()

    def put(self, client: str, domain: str | None, redirect: Redirect) -> None:
        """Remember one, in the place of an earlier one of its kind."""
        key = (client, domain, redirect.sticky)
        self._known[key] = redirect
        self._known.move_to_end(key)
        if len(self._known) > self._kept:
            self._known.popitem(last=False)

    def take(self, client: str, domain: str | None) -> Redirect | None:
        """The one that counts for a new connection; None when there is none."""
        once = self._known.pop((client, domain, False), None)
        return once or self._known.get((client, domain, True))

    def forget(self, client: str, domain: str | None) -> None:
        """The session can be resumed no more, or not there."""
        self._known.pop((client, domain, True), None)


class Trail:
    """The way of one connection to its server, and where that sends its client from there."""

    def __init__(self, known: Redirects, connect: Connect, client: str) -> None:
        self._known = known
        self._connect = connect
        self._client = client
        self._domain: str | None = None
        self._hops = 0
        self._direct_tls = False
        self._has_place = False  # in the memory, to resume the session of this connection at

    async def connect(self, domain: str | None) -> tuple[Connection, str]:
        """A connection to where the client is to go, and what there is to say about it.

        Where a redirect leads to nobody, the usual server is tried. Raises UpstreamError.
        """
        self._domain = a_label(domain) if domain else None
        redirect = self._known.take(self._client, self._domain)
        if redirect is None:
            connection, note = await self._connect(domain, None), ""
        else:
            connection, note = await self._follow(redirect, domain)
        self._direct_tls = connection.direct_tls
        told = "" if connection.target.via == "fixed" else connection.note
        return connection, "; ".join(filter(None, (note, told)))

    async def _follow(self, redirect: Redirect, domain: str | None) -> tuple[Connection, str]:
        self._hops = redirect.hops
        self._has_place = redirect.sticky
        if redirect.hops > MAX_HOPS:
            raise ConnectFailed(
                str(redirect.place),
                f"the servers have sent the client from one to the other {redirect.hops} times, "
                "at last to here; it goes no further",
            )
        try:
            return await self._connect(domain, redirect.place), ""
        except UpstreamError as error:
            self.expired()
            note = f"the server has sent the client to a place that cannot be reached: {error}"
            return await self._connect(domain, None), f"{note}; the usual server has to do"

    def redirected(self, redirected: Redirected) -> None:
        """The server of this connection sends the client elsewhere."""
        place = read_place(redirected.target)
        if place is None:
            return
        host, port = place
        usual = CLIENT_TLS_PORT if self._direct_tls else CLIENT_PORT
        upstream = Upstream(host, port or usual, self._direct_tls)
        hops = 0 if redirected.sticky else self._hops + 1
        self._has_place = self._has_place or redirected.sticky
        redirect = Redirect(upstream, redirected.sticky, hops)
        self._known.put(self._client, self._domain, redirect)

    def expired(self) -> None:
        """The session of this connection cannot be resumed, or not at another place."""
        if self._has_place:
            self._known.forget(self._client, self._domain)
