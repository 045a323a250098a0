from tests.replay.talks import CHAT, ROSTER, TALK, login, recording
from xmppspy.replay.casting import THE_END, Casting, Character
from xmppspy.replay.script import Role

ROMEO, JULIET = "romeo@capulet.example", "juliet@capulet.example"


def _nobody(_character: Character) -> bool:
    return False


def _resources(*connections: list[str]) -> list[str | None]:
    return [each.resource for each in Casting(recording(*connections)).characters]


def test_sessions_of_an_account_are_played_in_turn() -> None:
    """The least played comes first, then the one with the wanted resource, then the oldest."""
    casting = Casting(recording(login(f"{ROMEO}/a"), login(f"{ROMEO}/b"), login(f"{JULIET}/c")))
    cast = [casting.cast(ROMEO, wanted, _nobody) for wanted in ("b", "b", None)]

    assert [each.resource for each in cast if each] == ["b", "a", "a"]


def test_busy_sessions_come_last() -> None:
    """Two clients of one account are played two sessions, if there are two."""
    casting = Casting(recording(login(f"{ROMEO}/a"), login(f"{ROMEO}/b")))
    casting.characters[1].played = 7
    found = casting.cast(ROMEO, None, lambda each: each.resource == "a")

    assert found is casting.characters[1]


def test_who_may_play_whom() -> None:
    """An unknown account gets in where only one was recorded, an anonymous user anywhere."""
    one = Casting(recording(login(f"{ROMEO}/a")))
    two = Casting(recording(login(f"{ROMEO}/a"), login(f"{JULIET}/b")))

    assert one.candidates("nurse@x.example") == one.characters
    assert two.candidates("nurse@x.example") == []
    assert two.candidates("JULIET@capulet.example") == [two.characters[1]]
    assert two.candidates(None) == two.characters


def test_connections_without_a_session_are_left_out() -> None:
    """A failed login is no session, and is said to be missing."""
    casting = Casting(recording(login(f"{ROMEO}/a")[:4], login(f"{ROMEO}/b")))

    assert [each.resource for each in casting.characters] == ["b"]
    assert casting.missing == ["connection #1: its client never got a session"]


def test_stream_between_servers_is_left_out() -> None:
    """Servers that talk to servers cannot be played."""
    server = [
        "C <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' to='a'>"
    ]
    casting = Casting(recording([*server, "S <message from='a' to='b'/>"]))

    assert casting.characters == []
    assert casting.missing == ["connection #1 is between servers, which cannot be played"]


def test_negotiation_is_that_of_the_domain() -> None:
    """Before a client has a name, its domain decides what it is offered."""
    casting = Casting(recording(login("a@one.example/x"), login("b@two.example/y")))

    assert casting.of_domain("Two.example") is casting.characters[1]
    assert casting.of_domain("two.example", "a@one.example") is casting.characters[0]
    assert casting.of_domain("three.example") is casting.characters[0]
    assert Casting(recording()).of_domain("one.example") is None


def test_address_is_guessed_where_nothing_tells_it() -> None:
    """A capture without a login still knows whom the server spoke to."""
    casting = Casting(recording([*ROSTER, *CHAT]))

    assert casting.characters[0].full == f"{ROMEO}/garden"


def test_causes_are_found_across_connections() -> None:
    """By id, by the sender of a presence, and by the end of a connection."""
    romeo = [
        *login(f"{ROMEO}/a"), "C <presence/>",
        f"S <presence from='{JULIET}/b'/>",
        f"S <message from='{JULIET}/b' id='m'><body>!</body></message>",
        f"S <message from='{JULIET}/b' id='unknown'><body>!</body></message>",
        f"S <presence from='{JULIET}/b' type='unavailable'/>",
    ]  # fmt: skip
    juliet = [
        *login(f"{JULIET}/b"),
        "C <presence/>",
        f"C <message to='{ROMEO}' id='m'><body>!</body></message>",
    ]
    casting = Casting(recording(juliet, romeo))
    said = [line for line in casting.characters[1].script.lines if line.role is Role.SAID]

    assert [line.cause for line in said] == [(1, 11), (1, 12), None, (1, THE_END)]


def test_talk_is_one_character() -> None:
    """The usual capture has one session."""
    assert _resources(TALK) == ["garden"]
