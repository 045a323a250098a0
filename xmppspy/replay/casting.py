"""Casting: which recorded session is played to which live client."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.jid import JID
from xmppspy.replay.recording import Part, Recording
from xmppspy.replay.script import Line, Role, Script, find_runs, write

THE_END: Final = 0
"""In place of a frame's number: what is caused by the end of a connection."""


@dataclass(eq=False)
class Character:
    """One recorded session, to be played any number of times."""

    parts: list[Part]
    """The connections that carried it: more than one when it was resumed (XEP-0198)."""
    script: Script
    played: int = 0
    """How often it has begun."""

    @property
    def first(self) -> Part:
        """The connection on which it began."""
        return self.parts[0]

    @property
    def account(self) -> str | None:
        """The bare JID; None when the capture does not tell."""
        return self.script.identity.bare

    @property
    def full(self) -> str | None:
        """The JID that was bound."""
        return self.script.identity.full

    @property
    def resource(self) -> str | None:
        """The resource that was bound."""
        return self.full.partition("/")[2] if self.full else None


class Casting:
    """The sessions of a recording. Raises nothing; what cannot be played is in `missing`."""

    def __init__(self, recording: Recording) -> None:
        self.missing: list[str] = list(recording.missing)
        """One sentence each."""
        self.characters = [Character(parts, write(parts)) for parts in self._sessions(recording)]
        _find_causes(self.characters)
        for character in self.characters:
            find_runs(character.script)

    def _sessions(self, recording: Recording) -> list[list[Part]]:
        sessions: list[list[Part]] = []
        by_name: dict[str, list[Part]] = {}
        for part in recording.parts.values():
            where = f"connection #{part.conn}"
            self.missing.extend(f"{where}: {each}" for each in part.missing)
            if part.identity.kind == "server":
                self.missing.append(f"{where} is between servers, which cannot be played")
                continue
            if not part.scene and not part.established:
                continue
            enabled, resumed = _session_names(part)
            session = by_name.get(resumed or "")
            if session is None:
                session = []
                sessions.append(session)
            session.append(part)
            if enabled or resumed:
                by_name[enabled or resumed or ""] = session
        return sessions

    def accounts(self) -> list[str]:
        """The recorded accounts, each once."""
        return list(dict.fromkeys(each.account for each in self.characters if each.account))

    def of_domain(self, domain: str | None, account: str | None = None) -> Character | None:
        """The session whose negotiation is shown to a client that asks for a domain."""
        if account is not None and (found := self._of_account(account)):
            return found[0]
        for each in self.characters:
            if domain and (each.script.identity.domain or "").lower() == domain.lower():
                return each
        return self.characters[0] if self.characters else None

    def candidates(self, account: str | None) -> list[Character]:
        """The sessions that a client of this account may be shown; None: an anonymous one.

        A capture of one account serves any other as well.
        """
        if account is None:
            return self.characters
        found = self._of_account(account)
        if not found and len(self.accounts()) <= 1:
            return self.characters
        return found

    def cast(
        self, account: str | None, resource: str | None, is_busy: Callable[[Character], bool]
    ) -> Character | None:
        """Choose the session to play to a client: one that nobody plays, the least played first."""

        def rank(each: Character) -> tuple[bool, int, bool]:
            return is_busy(each), each.played, resource != each.resource

        found = min(self.candidates(account), key=rank, default=None)
        if found is not None:
            found.played += 1
        return found

    def _of_account(self, account: str) -> list[Character]:
        wanted = JID.read(account)
        return [
            each for each in self.characters if each.account and JID.read(each.account) == wanted
        ]


def _session_names(part: Part) -> tuple[str | None, str | None]:
    """The ids of the stream management session that a connection began, and of the one resumed."""
    enabled = resumed = None
    for turn in (*part.negotiation, *part.scene):
        record = turn.record
        if turn.dir == "c2s" or record.kind in ("r", "a"):
            continue
        if record.xmlns in (ns.SM, ns.SM_OLD, ns.SASL2):
            for element in sm_elements(record):
                if local_name(element) == "enabled":
                    enabled = element.get("id")
                elif local_name(element) == "resumed":
                    resumed = element.get("previd")
    return enabled, resumed


# --- who causes what


def _find_causes(characters: Iterable[Character]) -> None:
    """Find out which lines are what another recorded client has said."""
    characters = list(characters)
    if len(characters) < 2:
        return
    said = _Sayings(characters)
    for character in characters:
        for line in character.script.lines:
            if line.role is Role.SAID:
                line.cause = said.cause(line, character)


class _Sayings:
    """What all clients said, by id, and whether they were there, by address."""

    def __init__(self, characters: Iterable[Character]) -> None:
        self._by_id: dict[tuple[str, str], list[tuple[Character, Line]]] = {}
        self._presences: dict[str, list[tuple[Character, Line]]] = {}
        self._by_address = {each.full: each for each in characters if each.full}
        for character in characters:
            for line in character.script.lines:
                if line.role not in (Role.TRIGGER, Role.OPTIONAL):
                    continue
                record = line.turn.record
                if record.id:
                    self._by_id.setdefault((record.kind, record.id), []).append((character, line))
                if record.kind == "presence" and character.full:
                    self._presences.setdefault(character.full, []).append((character, line))

    def cause(self, line: Line, hearer: Character) -> tuple[int, int] | None:
        record = line.turn.record
        found = self._by_id.get((record.kind, record.id or ""), [])
        if not found and record.kind == "presence":
            found = [
                each
                for each in self._presences.get(record.from_ or "", [])
                if each[1].turn.record.type == record.type
            ]
        for character, said in reversed(found):
            if character is not hearer and said.t <= line.t:
                return said.turn.record.conn, said.turn.record.n
        if record.kind == "presence" and record.type == "unavailable":
            leaving = self._by_address.get(record.from_ or "")
            if leaving is not None and leaving is not hearer:
                return leaving.parts[-1].conn, THE_END
        return None
