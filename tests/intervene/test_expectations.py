import pytest

from tests.intervene.frames import frame
from xmppspy.intervene.expectations import MOST, Expectations, Expected


def expecting(*expected: Expected) -> Expectations:
    """Some expectations."""
    made = Expectations()
    for each in expected:
        made.add(each)
    return made


PING = Expected("p1", "s2c", 60.0, "juliet@example.org/Balcony")
OWN = Expected("o1", "s2c", 60.0)


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        ("<iq type='result' id='p1' from='JULIET@example.org/Balcony'/>", PING),
        ("<iq type='error' id='p1' from='juliet@example.org/Balcony'/>", PING),
        ("<iq type='result' id='p1'/>", PING),
        ("<iq type='result' id='o1' from='example.org'/>", OWN),
        ("<iq type='result' id='p1' from='juliet@example.org/balcony'/>", None),
        ("<iq type='result' id='p2' from='juliet@example.org/Balcony'/>", None),
        ("<iq type='get' id='p1' from='juliet@example.org/Balcony'/>", None),
        ("<iq type='result'/>", None),
        ("<message type='error' id='p1'/>", None),
        ("<r xmlns='urn:xmpp:sm:3'/>", None),
    ],
)
def test_an_answer_has_the_id_and_comes_from_the_one_who_was_asked(
    xml: str, found: Expected | None
) -> None:
    """Ids are unique only for each sender."""
    assert expecting(PING, OWN).find("s2c", frame(xml)) is found
    assert expecting(PING, OWN).find("c2s", frame(xml)) is None


def test_an_answer_is_taken_once() -> None:
    """Finding it before does not count."""
    made, answer = expecting(PING), frame("<iq type='result' id='p1'/>")
    made.find("s2c", answer)

    assert made
    assert made.take("s2c", answer, 1.0) is PING
    assert made.take("s2c", answer, 2.0) is None
    assert not made


def test_nobody_waits_for_ever() -> None:
    """What comes too late is the peer's."""
    made = expecting(PING)

    assert made.take("s2c", frame("<iq type='result' id='p1'/>"), 60.0) is None
    assert not made


def test_the_oldest_one_is_forgotten_when_there_are_too_many() -> None:
    """A peer that never answers costs no memory."""
    made = expecting(*(Expected(f"i{i}", "s2c", 60.0) for i in range(MOST + 1)))

    assert made.find("s2c", frame("<iq type='result' id='i0'/>")) is None
    assert made.find("s2c", frame("<iq type='result' id='i1'/>"))
    assert made.find("s2c", frame(f"<iq type='result' id='i{MOST}'/>"))
