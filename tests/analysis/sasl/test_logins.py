import pytest

from tests.analysis import bridged
from tests.analysis.sasl.logins import SASL, base64
from tests.analysis.scenes import Scene
from xmppspy.analysis.sasl import SaslTracker

FIRST = f"<auth {SASL} mechanism='SCRAM-SHA-1'>{base64('n,,n=juliet,r=NONCE')}</auth>"
CHALLENGE = f"<challenge {SASL}>{base64('r=NONCEx,s=c2E=,i=4096,h=x')}</challenge>"
OFFER = f"<stream:features><mechanisms {SASL}><mechanism>PLAIN</mechanism></mechanisms></stream:features>"


def told(scene: Scene) -> list[str | None]:
    """What each event of a scene says of SASL."""
    follower = SaslTracker()
    steps = [follower.see(event) for event in scene.events]
    return [None if step is None else step.text for step in steps]


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("auto", "SCRAM-SHA-256-PLUS (bridged as SCRAM-SHA-256-PLUS by tls-exporter) user=juliet"),
        ("strip", "SCRAM-SHA-256 user=juliet"),
        ("plain", "PLAIN (bridged as SCRAM-SHA-256-PLUS by tls-exporter) user=juliet"),
        ("external", "SCRAM-SHA-256 user=juliet"),
        ("fast", "HT-SHA-256-EXPR (bridged) user=juliet"),
    ],
)
def test_a_changed_login_is_told_without_warnings(name: str, beginning: str) -> None:
    """Each side is judged by what it was sent; the beginning tells how it goes on."""
    texts = [text for text in told(bridged.LOGINS[name]()) if text is not None]

    assert texts[0].startswith(beginning)
    assert not any("warning" in text for text in texts)


def test_a_login_by_certificate_begins_when_the_client_is_proved() -> None:
    """What the client said last has become the beginning."""
    texts = [text for text in told(bridged.external()) if text is not None]

    assert texts[2] == "(bridged as EXTERNAL) proof=•••"


def test_what_a_changed_offer_leads_to_is_told() -> None:
    """The client is right not to know of -PLUS, and the server is right to refuse that."""
    texts = [text for text in told(bridged.stripped("y")) if text is not None]
    at_fault = "towards the server: the server offers -PLUS, so it has to refuse gs2=y"

    assert at_fault in texts[0]


def test_h_of_another_offer_than_the_client_saw_is_told() -> None:
    """The server's hash is right, and the client has to fail all the same."""
    scene = bridged.Bridged(client="TLSv1.2")
    scene.down(bridged.features(bridged.PLUS), bridged.features(("SCRAM-SHA-256",), ()))
    scene.client(bridged.auth("SCRAM-SHA-256", f"n,,{bridged.FIRST}"))
    said = bridged.CHALLENGE + bridged.protections(bridged.PLUS, bridged.TYPES)
    scene.server(bridged.step("challenge", said))
    text = str(told(scene)[-1])

    assert "h=ok" in text
    assert "warning: towards the client: h is not the hash" in text
    assert "; warning: the server says TLS 1.3, towards the client it is TLS 1.2: " in text


def test_a_server_that_is_wrong_is_told_of_in_a_bridged_login() -> None:
    """Its nonce has to continue the one that it was sent, and h to be that of its own offer."""
    scene = bridged.Bridged()
    scene.down(bridged.features(bridged.PLUS), bridged.features(("PLAIN",), ()))
    begin = bridged.auth("SCRAM-SHA-256-PLUS", bridged.BOUND + bridged.FIRST)
    scene.up(bridged.auth("PLAIN", "\0juliet\0secret"), begin)
    scene.down(bridged.step("challenge", "r=other,s=c2FsdA==,i=100,h=x"), "")
    text = str(told(scene)[-1])

    assert "the nonce does not continue the client's" in text
    assert "100 iterations are too few" in text
    assert "h=wrong" in text


def test_an_offer_that_was_dropped_was_not_seen() -> None:
    """The client's side knows of none."""
    scene = bridged.Bridged()
    scene.down(bridged.features(bridged.PLUS), "")
    scene.client(bridged.auth("SCRAM-SHA-256", f"y,,{bridged.FIRST}"))

    assert "towards the server: the server offers -PLUS" in str(told(scene)[-1])
