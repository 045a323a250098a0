"""Difference: how one frame is not the one that was expected in its place."""

from dataclasses import dataclass
from typing import ClassVar

from xmppspy.analysis.identity import UNKNOWN, Identity
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.names import Names
from xmppspy.replay.normal import Form, Normalizer, Selector, alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as expected: `Missing`, `Extra` or `Changed`."""

    word: ClassVar[str] = ""

    identity: Identity
    """Whose session it is in, as expected; of an extra session, as it came."""
    request: FrameRecord | None = None
    """The expected request that the frames answer, or belong to; a request belongs to itself."""
    expected: FrameRecord | None = None
    got: FrameRecord | None = None
    before: Form = ()
    """The normal form of what was expected, in lines; empty when nothing was."""
    after: Form = ()
    """The normal form of what came, in lines, in the expected names; empty when nothing came."""
    frames: int = 1
    """How many frames are missing or extra: more than one when it is a whole session, of which
    `expected` or `got` is the first."""
    t: float = 0.0
    """When it was expected, or else came, in seconds since its session began."""

    @staticmethod
    def of(
        identity: Identity,
        expected: "Said | None",
        got: "Said | None",
        request: FrameRecord | None = None,
        *,
        frames: int = 1,
        t: float = 0.0,
    ) -> "Difference":
        """The difference between two frames that are not alike."""
        before = () if expected is None else expected.form
        after = () if got is None else got.form
        kind = Extra if not before else Missing if not after else Changed
        return kind(
            identity=identity,
            request=request,
            expected=None if expected is None else expected.record,
            got=None if got is None else got.record,
            before=before,
            after=after,
            frames=frames,
            t=t,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Difference):
    """`expected` did not come."""

    word: ClassVar[str] = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra(Difference):
    """`got` was not expected."""

    word: ClassVar[str] = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Difference):
    """`got` came in the place of `expected`."""

    word: ClassVar[str] = "changed"


def difference(
    expected: FrameRecord | None,
    got: FrameRecord | None,
    *,
    identity: Identity = UNKNOWN,
    request: FrameRecord | None = None,
    names: Names | None = None,
    ignore: Selector | None = None,
) -> Difference | None:
    """How one frame differs from the one that was expected in its place; None if not at all.

    For a player, who knows by itself what stands for what. `identity` is that of the expected
    frame, and `names` gives the expected addresses for those of `got`; resources that come up
    for the first time are learnt by it.
    """
    names = Names() if names is None else names
    names.meet([expected] if expected else [], [got] if got else [])
    judge = Judge(names, ignore)
    before = None if expected is None else judge.expected(expected, identity)
    after = None if got is None else judge.got(got, identity)
    return judge.judge(identity, before, after, request)


@dataclass(frozen=True, slots=True)
class Said:
    """A frame with its normal form."""

    record: FrameRecord
    form: Form


class Judge:
    """Compares frames, and counts those that are alike."""

    def __init__(self, names: Names, ignore: Selector | None = None) -> None:
        self.names = names
        self.alike = 0
        self._expected = Normalizer(ignore=ignore)
        self._got = Normalizer(names, ignore)

    def expected(self, record: FrameRecord, identity: Identity) -> Said:
        """What was expected."""
        return Said(record, _outcome(record) or self._expected.form(record, identity))

    def got(self, record: FrameRecord, identity: Identity) -> Said:
        """What came, in the expected names."""
        return Said(record, _outcome(record) or self._got.form(record, identity))

    def judge(
        self,
        identity: Identity,
        expected: Said | None,
        got: Said | None,
        request: FrameRecord | None = None,
        t: float = 0.0,
    ) -> Difference | None:
        """How two frames differ, if they do. A frame that is wholly ignored is like none."""
        if alike(() if expected is None else expected.form, () if got is None else got.form):
            self.alike += expected is not None and got is not None
            return None
        return Difference.of(identity, expected, got, request, t=t)


def _outcome(record: FrameRecord) -> Form:
    """The form of a frame of which only its coming counts: a login's success, a stream's end."""
    if record.kind == "success" and record.xmlns in (ns.SASL, ns.SASL2):
        return ("<success/>",)
    return ("</stream>",) if record.kind == "/stream" else ()
