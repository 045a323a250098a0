from tests.replay.talks import TALK, login, parts
from xmppspy.replay.script import Role, Script, find_runs, write

SM = "urn:xmpp:sm:3"


def _script(lines: list[str]) -> Script:
    script = write(parts([*login(), *lines]))
    find_runs(script)
    return script


def _roles(lines: list[str]) -> list[Role]:
    return [line.role for line in _script(lines).lines]


def test_lines_know_what_they_are() -> None:
    """Answers know their request; the server's end that answers the client's is none of its own."""
    script = write(parts(TALK))

    assert [line.role.name for line in script.lines] == [
        "TRIGGER", "ANSWER", "TRIGGER", "SAID", "SAID", "TRIGGER", "TRIGGER", "SAID",
    ]  # fmt: skip
    assert script.answers == {0: [1]}
    assert script.lines[1].request == 0
    assert script.last_said == 7


def test_nothing_waits_for_whims() -> None:
    """Pings and chat states come when the client likes."""
    states = "http://jabber.org/protocol/chatstates"

    assert _roles([
        "C <iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>",
        f"C <message to='a.example'><composing xmlns='{states}'/></message>",
        f"C <message to='a.example'><body>!</body><active xmlns='{states}'/></message>",
    ]) == [Role.OPTIONAL, Role.OPTIONAL, Role.TRIGGER]  # fmt: skip


def test_stream_management_is_left_to_the_live_one() -> None:
    """Only that the server asks is remembered."""
    assert _roles([
        f"C <enable xmlns='{SM}'/>", f"S <enabled xmlns='{SM}'/>", f"S <r xmlns='{SM}'/>",
        f"C <a xmlns='{SM}' h='0'/>", f"C <r xmlns='{SM}'/>", f"S <a xmlns='{SM}' h='0'/>",
    ]) == [Role.ASKING]  # fmt: skip


def test_end_of_the_server_is_a_line() -> None:
    """A stream that the server ended ends at that place."""
    assert _roles(["S </stream:stream>"]) == [Role.END]
    assert _roles(["C </stream:stream>", "S </stream:stream>"]) == []


def test_answer_comes_from_whom_was_asked() -> None:
    """A result with the same id from somebody else is no answer."""
    assert _roles([
        "C <iq type='get' id='1' to='a.example'><x xmlns='x'/></iq>",
        "S <iq type='result' id='1' from='b.example'/>",
        "S <iq type='result' id='1' from='a.example'/>",
    ]) == [Role.TRIGGER, Role.SAID, Role.ANSWER]  # fmt: skip


def test_archive_comes_with_its_answer() -> None:
    """The messages that a query brings belong to it."""
    script = _script([
        "C <iq type='set' id='1'><query xmlns='urn:xmpp:mam:2' queryid='q'/></iq>",
        "S <message><result xmlns='urn:xmpp:mam:2' queryid='q' id='a'/></message>",
        "S <message from='x.example'><body>!</body></message>",
        "S <message><result xmlns='urn:xmpp:mam:2' queryid='q' id='b'/></message>",
        "S <iq type='result' id='1'><fin xmlns='urn:xmpp:mam:2'/></iq>",
    ])  # fmt: skip

    assert script.answers == {0: [1, 3, 4]}
    assert script.lines[2].role is Role.SAID


def test_runs_end_where_something_is_waited_for() -> None:
    """Lines that need no trigger between them may go out together."""
    said = "S <message from='x.example'><body>!</body></message>"
    script = _script([said, said, "C <presence/>", said])

    assert script.runs == [2, 2, 2, 4]
    assert len(script.texts) == 4


def test_resumed_session_is_one_script() -> None:
    """What a resumption repeated stands in the script once."""
    said = ["S <message from='x' id='1'/>", "S <message from='x' id='2'/>"]
    first = [*login(), f"S <enabled xmlns='{SM}' id='s' resume='true'/>", *said]
    second = [
        *login()[:8], f"S <resumed xmlns='{SM}' previd='s' h='0'/>", said[1], f"S <r xmlns='{SM}'/>",
        "S <message from='x' id='3'/>",
    ]  # fmt: skip
    script = write(parts(first, second))

    assert [line.turn.record.id for line in script.lines if line.role is Role.SAID] == [
        "1",
        "2",
        "3",
    ]
