"""Rules: what is wrong in XMPP, where it is written, and how it is noticed.

A rule is declared as a constant; the functions that notice its breaches are attached to it by
decorators, which say what they have to be shown. Such a function gives a sentence, or a `Breach`,
for each breach it finds, and changes nothing but what it alone keeps.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Frames
from xmppspy.analysis.lint.sight import Ending, Secured, Sight, Unanswered
from xmppspy.protocol.events import Fault

FrameCheck: TypeAlias = Callable[[Sight], Iterable[Said]]
TLSCheck: TypeAlias = Callable[[Secured], Iterable[Said]]
EndCheck: TypeAlias = Callable[[Ending], Iterable[Said]]
FaultCheck: TypeAlias = Callable[[Fault], Iterable[Said]]
RequestCheck: TypeAlias = Callable[[Unanswered], Iterable[Said]]


class Rule:
    """One rule, with its checks."""

    def __init__(
        self,
        id_: str,
        severity: Severity,
        ref: str,
        title: str,
        *,
        lesser: Severity | None = None,
        unseen: str = "",
    ) -> None:
        self.id = id_
        self.severity = severity
        self.ref = ref
        """The section of the specification, as people cite it."""
        self.title = title
        """What is wrong, in a few words."""
        self.lesser = lesser
        """The severity of its milder breaches, where there are such."""
        self.unseen = unseen
        """Why no capture can show it; empty for those that are checked."""
        self.frame_checks: list[tuple[Frames, FrameCheck]] = []
        self.tls_checks: list[TLSCheck] = []
        self.fault_checks: list[FaultCheck] = []
        self.end_checks: list[EndCheck] = []
        self.request_checks: list[RequestCheck] = []

    def on(self, frames: Frames) -> Callable[[FrameCheck], FrameCheck]:
        """Have the function shown such frames, with what was known before each."""

        def attach(check: FrameCheck) -> FrameCheck:
            self.frame_checks.append((frames, check))
            return check

        return attach

    def on_tls(self, check: TLSCheck) -> TLSCheck:
        """Have the function told when TLS is up on a leg."""
        self.tls_checks.append(check)
        return check

    def on_fault(self, check: FaultCheck) -> FaultCheck:
        """Have the function told of what xmppspy itself found wrong with a connection."""
        self.fault_checks.append(check)
        return check

    def at_end(self, check: EndCheck) -> EndCheck:
        """Have the function told when a connection is over, or the capture."""
        self.end_checks.append(check)
        return check

    def on_unanswered(self, check: RequestCheck) -> RequestCheck:
        """Have the function told of an iq request that nobody will answer any more."""
        self.request_checks.append(check)
        return check

    def __repr__(self) -> str:
        return f"<Rule {self.id}: {self.title}>"


class Follower(NamedTuple):
    """A function that keeps in mind what the checks of a family need to know later.

    It is shown each such frame after all checks.
    """

    frames: Frames
    follow: Callable[[Sight], None]


def follows(frames: Frames) -> Callable[[Callable[[Sight], None]], Follower]:
    """Make a function a `Follower`."""

    def make(function: Callable[[Sight], None]) -> Follower:
        return Follower(frames, function)

    return make
