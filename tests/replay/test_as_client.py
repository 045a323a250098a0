import itertools
from dataclasses import replace

import pytest

from tests.demo.backstage import DOMAIN, NURSE, PETER
from tests.replay.performing import END, PING, cast, entering, lines, play
from xmppspy.protocol.events import ConnectionClosed, FrameRecord
from xmppspy.replay import as_client
from xmppspy.replay.as_client import Manner
from xmppspy.replay.difference import Changed, Extra, Missing

ROSTER = "<query xmlns='jabber:iq:roster'>"
NURSES = (
    f"{ROSTER}<item jid='{PETER}' name='Peter' subscription='both'><group>Household</group></item>"
    "</query>"
)


def _asked(name: str, payload: str, to: str = "", kind: str = "get") -> tuple[str, str]:
    return "c2s", f"<iq type='{kind}' id='{name}'{to}>{payload}</iq>"


def _answered(name: str, payload: str, more: str = "") -> tuple[str, str]:
    return "s2c", f"<iq type='result' id='{name}'{more}>{payload}</iq>"


def test_request_gets_the_recorded_answer() -> None:
    """A roster that is what it was makes no difference, and the client leaves in order."""
    said = [_asked("r", f"{ROSTER}</query>"), _answered("r", NURSES), ("c2s", END)]
    played = play(lines([*entering(), *said]))

    assert played.differences == []
    assert played.client.succeeded
    assert (played.client.said, played.client.heard) == (1, 1)
    assert played.troubles == []


def test_other_answer_is_a_difference() -> None:
    """An answer that says something else is told with the request it belongs to."""
    other = NURSES.replace("Peter'", "Pete'")
    said = [_asked("r", f"{ROSTER}</query>"), _answered("r", other)]
    played = play(lines([*entering(), *said]))

    assert [type(each) for each in played.differences] == [Changed]
    assert played.differences[0].request is not None
    assert played.differences[0].request.id == "r"
    assert not played.client.succeeded


def test_nothing_is_compared_unless_wanted() -> None:
    """With `compare` off the same capture plays without a difference."""
    said = [_asked("r", f"{ROSTER}</query>"), _answered("r", f"{ROSTER}</query>")]
    played = play(lines([*entering(), *said]), Manner(compare=False))

    assert played.client.succeeded
    assert played.client.heard == 1


def test_what_does_not_come_is_waited_for_no_longer_than_the_limit() -> None:
    """A message that nobody sends today is named, and what follows is said all the same."""
    said = [
        ("s2c", f"<message from='{PETER}/hall'><body>Anon!</body></message>"),
        _asked("p", PING, f" to='{DOMAIN}'"),
        _answered("p", "", f" from='{DOMAIN}'"),
    ]
    played = play(lines([*entering(), *said]))

    assert [type(each) for each in played.differences] == [Missing]
    assert f"{NURSE} goes on without message" in " ".join(played.said)
    assert "within 0.3 s" in " ".join(played.said)
    assert played.client.heard == 1


def test_waits_in_vain_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After one wait in vain the next are short, until something recorded comes; one has a hint."""
    monkeypatch.setattr(as_client, "IMPATIENCE", 0.3)
    missing = ("s2c", f"<message from='{PETER}/hall'><body>Anon!</body></message>")
    idle = ("c2s", f"<presence to='{PETER}/away'/>")
    said = [missing, idle, missing, idle, missing, _asked("p", PING), _answered("p", ""), missing]
    played = play(lines([*entering(), *said, ("c2s", END)]), Manner(patience=0.4, compare=False))
    told = [line.partition(": ")[2] for line in played.said if "goes on without" in line]
    late = "it did not come within"

    assert told == [
        f"{late} 0.4 s (--wait SECONDS sets how long is waited)",
        f"{late} 0.3 s",
        f"{late} 0.3 s",
        f"{late} 0.4 s",
    ]


def test_what_nobody_expected_is_a_difference() -> None:
    """The server's own presence broadcast, which the capture does not hold, is extra."""
    said = [("c2s", "<presence/>"), _asked("p", PING), _answered("p", "")]
    played = play(lines([*entering(), *said]))

    assert [type(each) for each in played.differences] == [Extra]


def test_account_of_another_name_is_known_again() -> None:
    """After the server has spoken, the own presence of today is still the recorded one."""
    juliet, server = "juliet@capulet.example", "capulet.example"
    said = [
        _asked("d", PING, f" to='{server}'"),
        _answered("d", "", f" from='{server}'"),
        ("c2s", "<presence/>"),
        ("s2c", f"<presence from='{juliet}/hall' to='{juliet}'/>"),
        _asked("p", PING),
        _answered("p", "", f" from='{juliet}'"),
        ("c2s", END),
    ]
    recorded = lines([*entering(f"{juliet}/hall"), *said])
    played = play(cast(recorded, maps=[(juliet, NURSE)]), Manner(patience=30))

    assert played.differences == []
    assert played.client.heard == 3


def _chat(hall: str = "hall") -> bytes:
    """The nurse speaks to Peter, who answers, in the order of the capture."""
    nurse, peter = f"{NURSE}/{hall}", f"{PETER}/{hall}"
    frames = [(1, *each) for each in entering(nurse)] + [(2, *each) for each in entering(peter)]
    for index, (conn, one, other) in enumerate([(1, nurse, peter), (2, peter, nurse)]):
        words = f"<body>{index}</body></message>"
        frames.append((conn, "c2s", f"<message id='m' to='{other}'>{words}"))
        frames.append((3 - conn, "s2c", f"<message id='m' from='{one}' to='{other}'>{words}"))
    frames += [(1, "c2s", END), (2, "c2s", END)]
    return b"".join(
        lines([frame[1:]]).replace(b'"conn": 1', f'"conn": {frame[0]}'.encode()) for frame in frames
    )


def test_chat_of_two_plays_as_two_connections() -> None:
    """Both recorded accounts are in at once, and hear each other."""
    played = play(_chat())
    said = [event for event in played.tape if isinstance(event, FrameRecord)]

    assert played.client.succeeded, played.said
    assert [each.conn for each in said if each.kind == "message" and each.dir == "c2s"] == [1, 2]
    assert played.client.heard == 2


def test_account_without_a_password_is_left_out() -> None:
    """Only the nurse plays; Peter is named, and what only he could cause is not waited for."""
    played = play(cast(_chat(), [NURSE]), Manner(patience=60))

    assert not played.client.succeeded
    assert next(sentence for sentence in played.said if "left out" in sentence).startswith(PETER)
    assert played.client.said == 1


def test_wrong_password_leaves_out_as_well() -> None:
    """Who does not get in is named with the reason; the others play on."""
    roles = cast(_chat())
    roles.roles[1] = replace(roles.roles[1], password="poison")
    played = play(roles, Manner(patience=60))

    assert not played.client.succeeded
    assert f"{PETER} does not get in: the login was refused: not-authorized" in played.said


def test_recorded_accounts_are_others_today() -> None:
    """A capture of other people is played by these, and differs in nothing."""
    capture = _chat().replace(NURSE.encode(), b"lady@capulet.example")
    played = play(cast(capture, maps=[("lady@capulet.example", NURSE)]))

    assert played.client.succeeded, played.said


def test_ids_are_unique() -> None:
    """A client that used one id for two requests uses two today, and gets both answers."""
    said = [_asked("p", PING), _answered("p", "")] * 2
    played = play(lines([*entering(), *said]))
    ids = [
        event.id
        for event in played.tape
        if isinstance(event, FrameRecord) and event.dir == "c2s" and "urn:xmpp:ping" in event.ns
    ]

    assert played.client.succeeded
    assert len(set(ids)) == 2


def test_stream_management_is_live() -> None:
    """The recorded `<a/>` is not repeated; what is counted is what is said and heard today."""
    manage = "xmlns='urn:xmpp:sm:3'"
    said = [
        ("c2s", f"<enable {manage}/>"),
        ("s2c", f"<enabled {manage}/>"),
        _asked("p", PING),
        ("c2s", f"<r {manage}/>"),
        _answered("p", ""),
        ("s2c", f"<a {manage} h='77'/>"),
        ("c2s", f"<a {manage} h='99'/>"),
        ("c2s", END),
    ]
    played = play(lines([*entering(), *said]))
    acknowledged = [
        (event.dir, event.xml)
        for event in played.tape
        if isinstance(event, FrameRecord) and event.kind == "a"
    ]

    assert played.client.succeeded, played.said
    assert acknowledged == [
        ("s2c", '<a xmlns="urn:xmpp:sm:3" h="1"/>'),
        ("c2s", "<a xmlns='urn:xmpp:sm:3' h='1'/>"),
    ]


def test_timed_play_waits_for_the_recorded_time() -> None:
    """A quarter of a second in the capture is as long today, whatever was answered before."""
    capture = lines([*entering(), _asked("p", PING), _answered("p", "")])
    times = itertools.accumulate([0.0, 0.0, 0.0, 0.25, 0.0])
    timed = b"".join(
        line.replace(b'{"conn"', f'{{"t": {t}, "conn"'.encode())
        for line, t in zip(capture.splitlines(keepends=True), times, strict=True)
    )
    played = play(timed, Manner(timed=True))
    at = {
        event.id: event.t
        for event in played.tape
        if isinstance(event, FrameRecord) and event.dir == "c2s"
    }
    opened = played.tape[0].t

    assert played.client.succeeded, played.said
    assert at["p"] - opened > 0.24  # the play begins a moment before it has a connection


@pytest.mark.parametrize(
    "xml",
    [
        "<iq type='get' id='x'><ping xmlns='urn:xmpp:ping'/>",
        "<presence></message>",
        "\x00\x01",
        "<message/>",
    ],
)
def test_torn_capture_plays_as_far_as_it_goes(xml: str) -> None:
    """What cannot be played does not keep the rest from being played, nor the play from ending."""
    body = [_asked("p", PING), _answered("p", ""), ("c2s", xml)]
    capture = lines([*entering()[1:], *body])
    played = play(capture[:-9])

    assert played.client.heard == 1


def test_server_that_ends_the_stream_ends_the_play() -> None:
    """What the server does not stand ends the stream; what was still to be said is counted."""
    said = [
        ("c2s", "<presence from='somebody@else.example'/>"),
        _asked("p", PING),
        _answered("p", ""),
        ("c2s", "<presence/>"),
    ]
    played = play(lines([*entering(), *said]))

    assert not played.client.succeeded
    assert any("the server ends the stream: invalid-from" in each for each in played.said)
    assert any("could not say 1 stanza" in each for each in played.said)


def test_every_connection_is_closed_on_the_tape() -> None:
    """The replay's capture ends with each connection's end."""
    played = play(_chat())
    closed = [event.conn for event in played.tape if isinstance(event, ConnectionClosed)]

    assert sorted(closed) == [1, 2]


def test_what_comes_behind_the_end_is_nobodys_fault() -> None:
    """The echo of a presence, said just before the end, may come before it today or not at all."""
    said = [("c2s", "<presence type='unavailable'/>"), ("c2s", END)]
    echo = f"<presence from='{NURSE}/hall' to='{NURSE}' type='unavailable'/>"
    without = play(lines([*entering(), *said]))
    behind = play(lines([*entering(), *said, ("s2c", echo)]))

    assert without.differences == []
    assert behind.differences == []
