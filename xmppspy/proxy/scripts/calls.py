"""Calls: what a script is asked to do, in order, and what it is doing now."""

from collections import deque
from dataclasses import dataclass
from typing import TypeAlias

from xmppspy.protocol.events import FrameRecord
from xmppspy.scripting import limits, messages


@dataclass(frozen=True, slots=True)
class Question:
    """It is asked what is to become of a frame."""

    ticket: int
    frame: FrameRecord


Call: TypeAlias = Question | messages.Load | messages.Open | messages.Close


class Calls:
    """The calls that were not answered yet. Times are in seconds, by one clock."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._waiting: deque[Call] = deque()
        self._sent: deque[Call] = deque()
        self._since = 0.0  # when the first of the sent ones could begin
        self._given_up: set[int] = set()  # tickets of questions that will be answered too late

    def add(self, call: Call) -> None:
        """It is to be made after all others."""
        self._waiting.append(call)

    def begin(self, first: list[messages.Load], opened: list[messages.Open]) -> None:
        """There is a process anew: what it is to be told before it is asked anything.

        A version of the script that has still to be tried is tried before it meets connections.
        """
        loads = [call for call in self._waiting if isinstance(call, messages.Load)]
        questions = [each for each in self.questions() if each.ticket not in self._given_up]
        self._waiting = deque([*first, *loads[-1:], *opened, *questions])
        self._given_up.clear()

    def send(self, now: float) -> Call | None:
        """Take the next one that is to be sent; None when there is none."""
        if not self._waiting:
            return None
        if not self._sent:
            self._since = now
        self._sent.append(self._waiting.popleft())
        return self._sent[-1]

    def answered(self, now: float) -> Call | None:
        """The one that a reply answers: the first that was sent. None when there is none."""
        self._since = now
        return self._sent.popleft() if self._sent else None

    def overdue(self, now: float) -> float | None:
        """Seconds after which what is being done counts as hanging; None while it does not."""
        if not self._sent:
            return None
        limit = limits.LOAD if isinstance(self._sent[0], messages.Load) else self._limit
        return limit + limits.GRACE if now - self._since > limit + limits.GRACE else None

    def give_up(self, before: float) -> list[Question]:
        """The questions about frames that arrived before that time, each of them once."""
        found = []
        for call in (*self._sent, *self._waiting):
            if isinstance(call, Question):
                if call.frame.t >= before:
                    break
                if call.ticket not in self._given_up:
                    found.append(call)
        self._given_up.update(call.ticket for call in found)
        return found

    def is_given_up(self, question: Question) -> bool:
        """Whether a question that is answered now was given up; that is forgotten then."""
        is_so = question.ticket in self._given_up
        self._given_up.discard(question.ticket)
        return is_so

    def interrupted(self) -> Call | None:
        """The process has ended. Returns what it was doing, if anything.

        Of all others only what has to do with connections is forgotten.
        """
        current = self._sent.popleft() if self._sent else None
        left = (*self._sent, *self._waiting)
        self._sent.clear()
        self._waiting = deque(call for call in left if isinstance(call, Question | messages.Load))
        return current

    def questions(self) -> list[Question]:
        """Take out the questions that were not sent yet."""
        found = [call for call in self._waiting if isinstance(call, Question)]
        self._waiting = deque(call for call in self._waiting if not isinstance(call, Question))
        return found
