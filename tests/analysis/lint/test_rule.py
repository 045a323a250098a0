from collections.abc import Iterator

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight


def test_checks_are_attached_to_their_rule() -> None:
    """A function may be shown several sorts of frames."""
    rule = Rule("Z01", Severity.INFO, "RFC 1 §1", "something")

    @rule.on(stanza("iq"))
    @rule.on(stanza("message"))
    def check(_sight: Sight) -> Iterator[Said]:
        """Find nothing."""
        yield from ()

    assert [frames.kinds for frames, _ in rule.frame_checks] == [{"message"}, {"iq"}]
    assert {attached for _, attached in rule.frame_checks} == {check}
    assert repr(rule) == "<Rule Z01: something>"


def test_followers_are_functions_with_frames() -> None:
    """They are called for what they name."""
    seen: list[str] = []

    @follows(stanza("iq"))
    def keep(sight: Sight) -> None:
        """Note the kind."""
        seen.append(sight.record.kind)

    assert keep.frames.kinds == {"iq"}
    assert callable(keep.follow)
    assert seen == []
