from dataclasses import replace

import pytest

from tests.analysis.scenes import Scene
from xmppspy.analysis.counting import Problem
from xmppspy.analysis.streammanagement import MAX_SESSIONS, Acknowledgement, StreamManagement
from xmppspy.protocol.events import FateDecided, Gap

SM = "xmlns='urn:xmpp:sm:3'"
MESSAGE = "<message><body>Wherefore?</body></message>"
PING = "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>"


def enabled(conn: int = 1, name: str = "s1") -> Scene:
    """A session with stream management from the beginning."""
    scene = Scene()
    scene.begins(conn)
    scene.client(f"<enable {SM} resume='true'/>", conn)
    scene.server(f"<enabled {SM} id='{name}' resume='true'/>", conn)
    return scene


def play(scene: Scene) -> tuple[StreamManagement, list[Acknowledgement]]:
    """Show all of a scene; also returns what was thought of each `h`."""
    management = StreamManagement()
    found = [management.see(event) for event in scene.events]
    return management, [each for each in found if each is not None]


def thoughts(scene: Scene) -> list[str]:
    """The same in words."""
    return [str(each) for each in play(scene)[1]]


def test_right_counts_are_right() -> None:
    """Both directions are counted from their own beginning; only stanzas count."""
    scene = Scene()
    scene.begins()
    scene.client(MESSAGE)
    scene.client(f"<enable {SM}/>")
    first = scene.client(MESSAGE)
    scene.server(PING)
    scene.server(f"<enabled {SM}/>")
    second = scene.server("<presence/>")
    scene.client(" ")
    scene.client(f"<r {SM}/>")
    scene.server(f"<a {SM} h='1'/>")
    scene.server(f"<r {SM}/>")
    scene.client(f"<a {SM} h='1'/>")
    _, found = play(scene)

    assert [(each.counted, each.h, each.expected, each.problem) for each in found] == [
        ("c2s", 1, 1, None),
        ("s2c", 1, 1, None),
    ]
    assert [each.confirmed for each in found] == [(first.n,), (second.n,)]
    assert [str(each) for each in found] == ["h=1", "h=1"]


@pytest.mark.parametrize(
    ("h", "thought"),
    [
        ("3", "h=3, expected 2: more than was sent"),
        ("1", "h=1, expected 2: less than was sent before the request"),
        ("4294967295", "h=4294967295, expected 2: less than before"),
        ("4294967296", "h missing or no number: not a number"),
        ("٢", "h missing or no number: not a number"),
        ("", "h missing or no number: not a number"),
        ("-1", "h missing or no number: not a number"),
    ],
)
def test_wrong_count_is_named(h: str, thought: str) -> None:
    """What is wrong with an `h` is said, with the number that was expected."""
    scene = enabled()
    scene.client(MESSAGE)
    scene.client(PING)
    scene.client(f"<r {SM}/>")
    scene.server(f"<a {SM} h='{h}'/>")

    assert thoughts(scene) == [thought]


def test_client_that_counts_wrong_is_named_too() -> None:
    """The other direction is judged alike."""
    scene = enabled()
    scene.server(MESSAGE)
    scene.server(f"<r {SM}/>")
    scene.client(f"<a {SM} h='0'/>")
    scene.client(f"<a {SM} h='2'/>")

    assert thoughts(scene) == [
        "h=0, expected 1: less than was sent before the request",
        "h=2, expected 1: more than was sent",
    ]


def test_what_is_outstanding_is_known() -> None:
    """Unacknowledged stanzas are counted and named, also when the connection is over."""
    scene = enabled()
    scene.client(MESSAGE)
    waiting = [scene.client(MESSAGE).n, scene.client(PING).n]
    scene.server(f"<a {SM} h='1'/>")
    scene.closes()
    management, found = play(scene)

    assert found[0].outstanding == 2
    assert management.outstanding(1, "c2s") == 2
    assert management.unconfirmed(1, "c2s") == tuple(waiting)
    assert management.outstanding(1, "s2c") == 0
    assert management.outstanding(2, "s2c") is None


def resumed(h: str, answer: str) -> Scene:
    """A session with a message each way, lost before it was acknowledged, and resumed."""
    scene = enabled()
    scene.client(MESSAGE)
    scene.server(MESSAGE)
    scene.closes()
    scene.begins(2)
    scene.client(f"<resume {SM} h='{h}' previd='s1'/>", 2)
    scene.server(f"<resumed {SM} h='{answer}' previd='s1'/>", 2)
    return scene


def test_counts_go_on_across_resumption() -> None:
    """Both sides go on from what the other one has handled; what was lost is sent again."""
    scene = resumed("1", "0")
    scene.client(MESSAGE, 2)
    scene.server(PING, 2)
    scene.server(f"<a {SM} h='1'/>", 2)
    scene.client(f"<a {SM} h='2'/>", 2)
    management, found = play(scene)

    assert [(each.counted, each.h, each.problem) for each in found] == [
        ("s2c", 1, None),
        ("c2s", 0, None),
        ("c2s", 1, None),
        ("s2c", 2, None),
    ]
    assert found[0].confirmed == (6,)
    assert management.outstanding(1, "c2s") is None


def test_wrong_counts_of_a_resumption_are_named() -> None:
    """Nobody can have handled more than was sent on the connection before."""
    assert thoughts(resumed("2", "2")) == [
        "h=2, expected 1: more than was sent",
        "h=2, expected 1: more than was sent",
    ]


def test_failed_resumption_tells_a_count() -> None:
    """A server that refuses may say what it has handled; then the session is gone."""
    scene = resumed("1", "0")
    scene.events.pop()
    scene.server(f"<failed {SM} h='3'/>", 2)
    scene.client(f"<enable {SM}/>", 2)
    scene.server(f"<enabled {SM}/>", 2)
    scene.client(MESSAGE, 2)
    scene.server(f"<a {SM} h='1'/>", 2)

    assert thoughts(scene) == ["h=1", "h=3, expected 1: more than was sent", "h=1"]


def test_resumption_is_a_beginning() -> None:
    """Counts of a session that began before the capture are known from its resumption on."""
    scene = Scene()
    scene.begins()
    scene.client(f"<resume {SM} h='7' previd='s9'/>")
    scene.server(f"<resumed {SM} h='4294967295' previd='s9'/>")
    scene.client(MESSAGE)
    scene.client(f"<r {SM}/>")
    scene.server(f"<a {SM} h='1'/>")
    scene.client(f"<a {SM} h='7'/>")

    assert thoughts(scene) == ["h=7", "h=4294967295", "h=1, expected 0: more than was sent", "h=7"]


def test_inline_negotiation_counts() -> None:
    """With SASL2 and Bind 2 there is neither an enable nor an enabled of its own."""
    scene = Scene()
    scene.begins()
    scene.client(
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><bind xmlns='urn:xmpp:bind:0'>"
        f"<enable {SM}/></bind></authenticate>"
    )
    scene.server(
        "<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'>"
        f"<enabled {SM} id='s1'/></bound></success>"
    )
    scene.client(MESSAGE)
    scene.server(f"<a {SM} h='2'/>")

    assert thoughts(scene) == ["h=2, expected 1: more than was sent"]


def test_inline_resumption_counts() -> None:
    """A session is resumed within SASL2 as well; then nothing is bound."""
    scene = enabled()
    scene.client(MESSAGE)
    scene.closes()
    scene.begins(2)
    scene.client(
        f"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><resume {SM} h='0' previd='s1'/>"
        f"<bind xmlns='urn:xmpp:bind:0'><enable {SM}/></bind></authenticate>",
        2,
    )
    scene.server(f"<success xmlns='urn:xmpp:sasl:2'><resumed {SM} h='1' previd='s1'/></success>", 2)
    scene.client(MESSAGE, 2)
    scene.server(f"<a {SM} h='2'/>", 2)

    assert thoughts(scene) == ["h=0", "h=1", "h=2"]


def test_inline_resumption_that_fails_binds() -> None:
    """Where the session is not found, the new one of the same element counts from nothing."""
    scene = Scene()
    scene.begins()
    scene.client(
        f"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><resume {SM} h='5' previd='s1'/>"
        f"<bind xmlns='urn:xmpp:bind:0'><enable {SM}/></bind></authenticate>"
    )
    scene.server(
        f"<success xmlns='urn:xmpp:sasl:2'><failed {SM}/><bound xmlns='urn:xmpp:bind:0'>"
        f"<enabled {SM} id='s1'/></bound></success>"
    )
    scene.client(MESSAGE)
    scene.server(f"<a {SM} h='1'/>")

    assert thoughts(scene) == ["h=5", "h=1"]


def test_refused_stream_management_is_not_counted() -> None:
    """Without `enabled` there are no counts."""
    scene = Scene()
    scene.begins()
    scene.client(f"<enable {SM}/>")
    scene.server(f"<failed {SM}/>")
    scene.client(MESSAGE)
    scene.server(f"<a {SM} h='9'/>")
    management, found = play(scene)

    assert (found[0].expected, found[0].problem) == (None, None)
    assert management.outstanding(1, "c2s") is None


def test_second_enable_changes_nothing() -> None:
    """It is refused, and the counts go on."""
    scene = enabled()
    scene.client(MESSAGE)
    scene.client(f"<enable {SM}/>")
    scene.server(f"<a {SM} h='1'/>")

    assert thoughts(scene) == ["h=1"]


def test_dropped_stanza_counts_for_its_sender_only() -> None:
    """The server cannot count what it never got."""
    scene = enabled()
    scene.client(MESSAGE, sent=None)
    scene.client(MESSAGE)
    scene.server(f"<a {SM} h='2'/>")
    scene.server(f"<a {SM} h='1'/>")

    assert thoughts(scene) == ["h=2, expected 1: more than was sent", "h=1"]


def test_injected_stanza_counts_for_its_receiver_only() -> None:
    """The server counts it; the client is told of a stanza that it never sent."""
    scene = enabled()
    scene.client(MESSAGE)
    scene.client(PING, injected=True)
    scene.server(f"<a {SM} h='2'/>")
    scene.server(f"<a {SM} h='2'/>", sent=f"<a {SM} h='1'/>".encode())

    assert thoughts(scene) == ["h=2, expected 1: more than the other side counts", "h=2"]


def test_replaced_stanza_counts_as_what_left() -> None:
    """One stanza may become two, or something that does not count."""
    scene = enabled()
    scene.client(MESSAGE, sent=f"{MESSAGE}{PING}".encode())
    scene.client(MESSAGE, sent=f"<r {SM}/>".encode())
    management, _ = play(scene)

    assert management.outstanding(1, "c2s") == 2


def test_sender_is_told_of_what_was_dropped() -> None:
    """It has no number on the other side; so it need not be sent again, nor waited for."""
    scene = enabled()
    first, dropped = scene.client(MESSAGE), scene.client(MESSAGE, sent=None)
    scene.client(PING, injected=True)
    last = scene.client(MESSAGE)
    scene.server(f"<a {SM} h='2'/>")
    before, found = play(scene)
    scene.server(f"<a {SM} h='3'/>")
    management, _ = play(scene)

    assert found[0].told == (first.n, dropped.n)
    assert found[0].confirmed == (first.n, last.n - 1)
    assert (before.awaited(1, "c2s"), before.unconfirmed(1, "c2s")) == (1, (last.n,))
    assert (management.awaited(1, "c2s"), management.awaited(1, "s2c")) == (0, 0)
    assert management.awaited(2, "c2s") is None


@pytest.mark.parametrize(
    ("action", "sent", "outstanding"),
    [
        ("forward", None, 2),
        ("drop", None, 1),
        ("replace", b"<presence/>", 2),
        ("duplicate", b"<presence/><presence/>", 3),
    ],
)
def test_fate_of_a_held_stanza_counts(action: str, sent: bytes | None, outstanding: int) -> None:
    """What was decided later about a stanza corrects the counts."""
    scene = enabled()
    held = scene.client(MESSAGE)
    scene.client(MESSAGE)
    scene.add(FateDecided(t=9.0, conn=1, n=held.n, action=action, sent=sent))  # type: ignore[arg-type]
    management, _ = play(scene)

    assert management.outstanding(1, "c2s") == outstanding


@pytest.mark.parametrize(
    ("action", "sent", "outstanding"),
    [("forward", None, 2), ("drop", None, 1), ("duplicate", b"<presence/><presence/>", 3)],
)
def test_stanza_that_waits_has_not_arrived(
    action: str, sent: bytes | None, outstanding: int
) -> None:
    """Its sender counts it at once, its receiver when it has left; nobody is to blame meanwhile."""
    scene = enabled()
    held = scene.client(MESSAGE, waits=True)
    scene.client(f"<r {SM}/>")
    scene.server(f"<a {SM} h='0'/>")
    scene.client(MESSAGE)
    waiting, _ = play(scene)
    scene.add(FateDecided(t=9.0, conn=1, n=held.n, action=action, sent=sent))  # type: ignore[arg-type]
    management, _ = play(scene)

    assert thoughts(scene) == ["h=0"]
    assert waiting.outstanding(1, "c2s") == 1
    assert management.outstanding(1, "c2s") == outstanding


def test_what_xmppspy_says_itself_is_not_judged() -> None:
    """An injected acknowledgement is no peer's count."""
    scene = enabled()
    scene.server(f"<a {SM} h='7'/>", injected=True)

    assert thoughts(scene) == []


def test_lost_records_are_not_blamed_on_peers() -> None:
    """Where something is missing from the capture, counts cannot be judged."""
    lost, unframed = enabled(), enabled()
    lost.add(Gap(t=9.0, lost=1))
    opaque = unframed.client(MESSAGE)
    unframed.events[-1] = replace(opaque, kind="opaque")
    for scene in (lost, unframed):
        scene.server(f"<a {SM} h='5'/>")

    assert [thoughts(scene) for scene in (lost, unframed)] == [["h=5"], ["h=5"]]


def test_capture_from_the_middle_is_not_judged() -> None:
    """Without the beginning of a session its counts are unknown; `enabled` begins one direction."""
    scene = Scene()
    scene.client(MESSAGE)
    scene.server(f"<a {SM} h='7'/>")
    scene.server(f"<enabled {SM}/>")
    scene.client(f"<a {SM} h='1'/>")

    assert thoughts(scene) == ["h=7", "h=1, expected 0: more than was sent"]


def test_older_version_counts_too() -> None:
    """Version 2 of the protocol is still met."""
    scene = Scene()
    scene.begins()
    scene.client("<enable xmlns='urn:xmpp:sm:2'/>")
    scene.server("<enabled xmlns='urn:xmpp:sm:2'/>")
    scene.server("<a xmlns='urn:xmpp:sm:2' h='1'/>")

    assert play(scene)[1][0].problem is Problem.TOO_HIGH


def test_sessions_are_bounded() -> None:
    """Of too many sessions the oldest are given up, which is counted."""
    scene = Scene()
    for conn in range(MAX_SESSIONS + 1):
        scene.client(f"<enable {SM}/>", conn)
    management, _ = play(scene)

    assert management.dropped == 1
    assert management.outstanding(0, "c2s") is None
