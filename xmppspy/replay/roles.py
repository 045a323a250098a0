"""Roles: which recorded sessions are played by live clients, under which account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from xmppspy.bridge.credentials import Accounts
from xmppspy.errors import UsageError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.jid import JID, flaw
from xmppspy.replay.casting import Character
from xmppspy.replay.live_sm import attribute
from xmppspy.replay.names import Names
from xmppspy.replay.remap import Remap

_LOGINS: Final = frozenset({ns.SASL, ns.SASL2})


@dataclass(frozen=True, slots=True)
class Role:
    """One recorded session, and who plays it."""

    character: Character
    user: str
    """The local part of the account; empty for an anonymous user."""
    domain: str
    """The server's."""
    password: str | None = field(repr=False)
    """None for an anonymous user."""
    resource: str | None

    @property
    def name(self) -> str:
        """The live account, as a person is told."""
        return f"{self.user}@{self.domain}" if self.user else f"an anonymous user of {self.domain}"

    @property
    def headers(self) -> Sequence[bytes]:
        """The recorded stream headers of the client."""
        return [
            turn.record.data
            for turn in self.character.first.negotiation
            if turn.dir == "c2s" and turn.record.kind == "stream"
        ]


@dataclass(slots=True)
class Cast:
    """Who plays, and which sessions nobody plays."""

    roles: list[Role] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """One sentence for each account or connection."""
    remap: Remap = field(default_factory=Remap)
    """Knows the live addresses of accounts and domains."""
    names: Names = field(default_factory=Names)
    """Knows the recorded ones."""

    def move(self, recorded: str, live: str) -> None:
        """An account or a domain has another address today."""
        self.remap.learn_jid(recorded, live)
        self.names.learn(live, recorded)


def read_map(text: str) -> tuple[str, str]:
    """Read `RECORDED=LIVE`, both bare JIDs or both domains. Raises UsageError."""
    recorded, equals, live = (part.strip() for part in text.partition("="))
    sides = (recorded, live)
    if not equals or any(not side or "/" in side or flaw(side) for side in sides):
        raise UsageError(f"--map {text!r}: write RECORDED=LIVE, two bare JIDs or two domains")
    if ("@" in recorded) != ("@" in live):
        raise UsageError(f"--map {text!r}: an account stands for an account, a domain for a domain")
    return recorded, live


def assign(
    characters: Iterable[Character],
    passwords: Accounts,
    maps: Iterable[tuple[str, str]] = (),
    jid: str | None = None,
) -> Cast:
    """Give each recorded session to the live account that `maps` name for its own.

    `jid` is the live account of the one recorded account that there is, if `maps` name it for
    none; with a resource, that is bound. Where an account moves to another domain, all addresses
    at the recorded domain do. Raises UsageError when it is not clear whom `jid` plays.
    """
    characters = list(characters)
    cast = Cast()
    for recorded, live in maps:
        cast.move(recorded, live)
    if jid is not None:
        _introduce(jid, characters, cast)
    for character in characters:
        _give(character, passwords, jid, cast)
    cast.left_out = list(dict.fromkeys(cast.left_out))
    return cast


def _introduce(jid: str, characters: Sequence[Character], cast: Cast) -> None:
    """Find out which recorded account `jid` is to play."""
    bare = jid.partition("/")[0]
    if "@" not in bare or flaw(jid):
        raise UsageError(f"--jid {jid!r} is no account; write it as user@example.org")
    recorded = list(dict.fromkeys(each.account for each in characters if each.account))
    if any(_same(cast.remap.live_jid(account), bare) for account in recorded):
        return
    if len(recorded) > 1:
        told = ", ".join(recorded)
        raise UsageError(f"whom does {bare} play? Add --map RECORDED={bare}; recorded are {told}")
    if recorded:
        cast.move(recorded[0], bare)


def _give(character: Character, passwords: Accounts, jid: str | None, cast: Cast) -> None:
    where = f"connection #{character.first.conn}"
    if character.script.identity.kind != "client":
        cast.left_out.append(f"{where} is a component's, which only --as server plays")
        return
    recorded = character.account
    own = "" if jid is None else jid.partition("/")[0]
    bare = own if recorded is None else cast.remap.live_jid(recorded)
    user, _, domain = bare.rpartition("@")
    anonymous = _is_anonymous(character)
    password = None if anonymous else passwords.password_of(bare)
    if not domain or (password is None and not anonymous):
        why = "no password is known for it; give one by --jid, --accounts or XMPPSPY_PASSWORD"
        cast.left_out.append(f"{bare or where} is left out: {why}")
        return
    if recorded is not None and not anonymous:
        _move_with_domain(recorded, bare, cast)
    resource = character.resource
    if jid is not None and "/" in jid and _same(bare, own):
        resource = jid.partition("/")[2]
    user = "" if anonymous else user
    cast.roles.append(Role(character, user, domain, password, resource))


def _move_with_domain(recorded: str, live: str, cast: Cast) -> None:
    """An account moves, and with it its server, unless that has moved already."""
    domain, wanted = recorded.rpartition("@")[2], live.rpartition("@")[2]
    cast.move(recorded, live)
    if domain.lower() != wanted.lower() and cast.remap.live_jid(domain) == domain:
        cast.move(domain, wanted)


def _is_anonymous(character: Character) -> bool:
    return any(
        turn.dir == "c2s"
        and turn.record.xmlns in _LOGINS
        and attribute(turn.record, "mechanism") == "ANONYMOUS"
        for turn in character.first.negotiation
    )


def _same(one: str, other: str) -> bool:
    return JID.read(one) == JID.read(other)
