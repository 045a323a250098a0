import pytest

from tests.analysis.scenes import JULIET, Scene
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.programs import Programs
from xmppspy.protocol.events import Side

VERSION = "<query xmlns='jabber:iq:version'><name>{0}</name><version>1.5</version></query>"
DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'{1}><identity category='{0}' type='im' name='Name'/></query>"
CAPS = (
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://psi-im.org/' ver='x'/>"
)


def known(*said: tuple[str, str]) -> tuple[str, str]:
    """What the ends of a connection are known to be, after what they said."""
    scene, identities = Scene(), Identities()
    scene.logs_in(JULIET)
    for side, xml in said:
        (scene.client if side == "client" else scene.server)(xml)
    programs = Programs(identities)
    for event in scene.events:
        identities.see(event)
        programs.see(event)
    return programs.of(1, Side.CLIENT), programs.of(1, Side.SERVER)


def result(payload: str, sender: str = "") -> str:
    """An answer."""
    address = f" from='{sender}'" if sender else ""
    return f"<iq type='result' id='1'{address}>{payload}</iq>"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("client", result(VERSION.format("Psi")))], ("Psi 1.5", "")),
        ([("client", result(DISCO.format("client", "")))], ("Name", "")),
        ([("client", f"<presence>{CAPS}</presence>")], ("psi-im.org", "")),
        ([("client", "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><user-agent><software>Dino</software></user-agent></authenticate>")], ("Dino", "")),
        ([("server", result(VERSION.format("Prosody"), "capulet.example"))], ("", "Prosody 1.5")),
        ([("server", result(DISCO.format("server", " node='x#h'")))], ("", "Name")),
    ],
)  # fmt: skip
def test_programs_are_learnt(said: list[tuple[str, str]], expected: tuple[str, str]) -> None:
    """From whatever they say about themselves."""
    assert known(*said) == expected


@pytest.mark.parametrize(
    "said",
    [
        ("server", result(VERSION.format("Psi"), "romeo@montague.example/garden")),
        ("server", result(DISCO.format("server", " node='http://jabber.org/protocol/commands'"))),
        ("server", result(DISCO.format("client", ""))),
        ("client", "<iq type='result' id='1'/>"),
        ("client", "<presence/>"),
    ],
)
def test_what_others_are_is_not_taken(said: tuple[str, str]) -> None:
    """What comes from somebody behind the server, or is about a part of it, says nothing."""
    assert known(said) == ("", "")


def test_better_words_stay() -> None:
    """A version is more than the page of a program."""
    caps, version = (
        ("client", f"<presence>{CAPS}</presence>"),
        ("client", result(VERSION.format("Psi"))),
    )

    assert known(version, caps) == known(caps, version) == ("Psi 1.5", "")
