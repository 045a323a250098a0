"""Expectations: what one client heard when it was recorded, and is to hear again."""

import itertools
from collections.abc import Callable
from typing import Final

from xmppspy.analysis.responders import same
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame
from xmppspy.replay.casting import Character
from xmppspy.replay.difference import Difference, Judge
from xmppspy.replay.lessons import lessons
from xmppspy.replay.likeness import Key, Likeness, keys, topic
from xmppspy.replay.matching import fingerprint
from xmppspy.replay.names import Names
from xmppspy.replay.remap import Remap
from xmppspy.replay.script import PING
from xmppspy.replay.steps import answers

_ANSWERS: Final = ("result", "error")


class Expectations:
    """Matches what comes with what was recorded, by meaning, and learns the values of today.

    `differs` is told what is not as it was recorded; without a `judge` nothing is compared.
    """

    def __init__(
        self,
        character: Character,
        remap: Remap,
        judge: Judge | None,
        differs: Callable[[Difference], None],
    ) -> None:
        self.expected = 0
        """How many stanzas are to come."""
        self.heard = 0
        """How many of the recorded stanzas have come."""
        self.recognized = 0
        """How often something recorded came, those included that had been given up."""
        self._identity = character.script.identity
        self._begin = character.script.begin
        self.remap = remap
        self._judge, self._differs = judge, differs
        self._answers = answers(character)
        self._requests: dict[str, FrameRecord] = {}  # the recorded ones, by the ids of today
        self._about = {
            each.n: request for request, found in self._answers.items() for each in found
        }
        self._live_ids: dict[int, str] = {}  # of the server's requests, by recorded number
        self._ignored: set[str] = set()
        self._numbers = itertools.count(1)
        self._records: dict[int, FrameRecord] = {}
        self._likeness = Likeness(lambda n: n in self._pending)
        self._come: set[int] = set()
        self._pending: dict[int, FrameRecord] = {}
        self._asked: dict[int, FrameRecord] = {}

    def expect(self, record: FrameRecord, *, surely: bool = True) -> None:
        """Something that is to come, or may come; told before anything does."""
        self._records[record.n] = record
        self.expected += surely
        if not _is_answer(record):
            says = fingerprint(record)
            if self._judge is not None:
                says = "\n".join(self._judge.expected(record, self._identity).form)
            found = self._keys(record, record.from_, record.id, says)
            self._likeness.add(record.n, found)

    def _keys(
        self, record: FrameRecord, sender: str | None, name: str | None, says: str
    ) -> tuple[Key, ...]:
        """What a stanza is known by, its sender and id in recorded values."""
        own = self._identity.bare
        sender = "" if sender is None or (own is not None and same(sender, own)) else sender
        return keys(f"{record.kind} {record.type}", sender, name or "", topic(record), says)

    # --- waiting

    def wait_for(self, record: FrameRecord) -> None:
        """From now on it is waited for."""
        if record.n not in self._come:
            self._pending[record.n] = record

    @property
    def pending(self) -> bool:
        """Whether something is waited for."""
        return bool(self._pending)

    def give_up(self) -> list[FrameRecord]:
        """Wait no longer; returns what did not come."""
        missing = list(self._pending.values())
        for record in missing:
            self._miss(record)
        return missing

    def _miss(self, record: FrameRecord) -> None:
        self._pending.pop(record.n, None)
        self._come.add(record.n)
        self._compare(record, None)

    # --- requests

    def asked(self, name: str, request: FrameRecord) -> None:
        """The client makes a recorded request, today by the id `name`."""
        self._asked[request.n] = request
        if request.type in ("get", "set"):
            self._requests[name] = request

    def never_asked(self, record: FrameRecord) -> None:
        """The client does not say this: what answered it will not come."""
        for answer in self._answers.get(record.n, ()):
            self._come.add(answer.n)
            self._pending.pop(answer.n, None)

    def ignore(self, name: str) -> None:
        """The answer to this id is of no interest."""
        self._ignored.add(name)

    def live_id(self, request: FrameRecord) -> str | None:
        """The id today of a request of the server; None when it has not come."""
        return self._live_ids.get(request.n)

    # --- hearing

    def hear(self, frame: Frame, *, expected_only: bool = False) -> bool:
        """Something came; returns whether it is in the recording.

        With `expected_only`, what is not is nobody's fault.
        """
        live = _record(frame, next(self._numbers))
        if _is_answer(live):
            return self._hear_answer(live, expected_only=expected_only)
        found = self._likeness.find(self._live_keys(live))
        if found is None:
            if not expected_only and PING not in live.ns:
                self._compare(None, live)
            return False
        recorded = self._records[found]
        if live.kind == "iq":
            self._live_ids[found] = live.id or ""
        self._meet(recorded, live)
        return True

    def _hear_answer(self, live: FrameRecord, *, expected_only: bool) -> bool:
        name = live.id or ""
        if name in self._ignored:
            return True
        request = self._requests.pop(name, None)
        if request is None:
            if not expected_only:
                self._compare(None, live)
            return False
        found = self._answers.get(request.n)
        if found:
            for companion in found[:-1]:
                if companion.n not in self._come:
                    self._miss(companion)
            self._meet(found[-1], live)
        return True

    def _meet(self, recorded: FrameRecord, live: FrameRecord) -> None:
        self.recognized += 1
        if recorded.n not in self._come:
            self.heard += 1
        self._come.add(recorded.n)
        self._pending.pop(recorded.n, None)
        for old, new in lessons(recorded, live):
            if recorded.kind != "iq" or old != recorded.id:
                self.remap.learn_id(old, new)
        self._compare(recorded, live)

    def _live_keys(self, live: FrameRecord) -> tuple[Key, ...]:
        sender = None if live.from_ is None else self.remap.recorded_jid(live.from_)
        name = None if live.id is None else self.remap.recorded_id(live.id)
        says = fingerprint(live)
        if self._judge is not None:
            says = "\n".join(self._judge.got(live, self._identity).form)
        return self._keys(live, sender, name, says)

    # --- comparing

    def _compare(self, recorded: FrameRecord | None, live: FrameRecord | None) -> None:
        if self._judge is None:
            return
        if recorded is not None and live is not None:
            self._judge.names.meet([recorded], [live])
            self._learn_sender(self._judge.names, recorded.from_, live.from_)
        found = self._judge.judge(
            self._identity,
            None if recorded is None else self._judge.expected(recorded, self._identity),
            None if live is None else self._judge.got(live, self._identity),
            self._request_of(recorded),
            t=0.0 if recorded is None else recorded.t - self._begin,
        )
        if found is not None:
            self._differs(found)

    def _learn_sender(self, names: Names, recorded: str | None, live: str | None) -> None:
        """Somebody has another resource today; what is said to the recorded one goes there."""
        if recorded and live and recorded != live and names(live) == recorded:
            self.remap.learn_jid(recorded, live)

    def _request_of(self, recorded: FrameRecord | None) -> FrameRecord | None:
        request = None if recorded is None else self._about.get(recorded.n)
        return None if request is None else self._asked.get(request)


def _is_answer(record: FrameRecord) -> bool:
    return record.kind == "iq" and record.xmlns is None and record.type in _ANSWERS


def _record(frame: Frame, n: int) -> FrameRecord:
    return FrameRecord(
        n=n,
        t=0.0,
        conn=0,
        dir="s2c",
        kind=frame.kind,
        data=frame.data,
        xmlns=frame.xmlns,
        type=frame.type,
        id=frame.id,
        from_=frame.from_,
        to=frame.to,
        ns=frame.ns,
        context=frame.context,
    )
