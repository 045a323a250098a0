from tests.analysis.sasl.logins import SASL, SASL2, base64
from tests.analysis.scenes import Scene
from xmppspy.analysis.sasl import SaslTracker, decode, tracker
from xmppspy.protocol.events import Side, TLSEstablished

FIRST = f"<auth {SASL} mechanism='SCRAM-SHA-1'>{base64('n,,n=juliet,r=NONCE')}</auth>"
CHALLENGE = f"<challenge {SASL}>{base64('r=NONCEx,s=c2E=,i=4096,h=x')}</challenge>"
OFFER = f"<stream:features><mechanisms {SASL}><mechanism>PLAIN</mechanism></mechanisms></stream:features>"


def told(scene: Scene) -> list[str | None]:
    """What each event of a scene says of SASL."""
    follower = SaslTracker()
    steps = [follower.see(event) for event in scene.events]
    return [None if step is None else step.text for step in steps]


def test_events_without_sasl_say_nothing() -> None:
    """Stanzas, headers, features and what is no frame."""
    scene = Scene()
    scene.logs_in()
    scene.server(OFFER)
    scene.server("<stream:features/>")
    scene.closes()

    assert set(told(scene)) == {None}


def test_logins_on_several_connections_are_told_apart() -> None:
    """A challenge is compared with the first message of its own connection."""
    scene = Scene()
    scene.client(FIRST, conn=1)
    scene.client(FIRST.replace(base64("n,,n=juliet,r=NONCE"), base64("n,,n=romeo,r=OTHER")), conn=2)
    scene.server(CHALLENGE, conn=1)
    scene.server(CHALLENGE, conn=2)
    said = told(scene)

    assert "nonce=ok" in str(said[2])
    assert "does not continue the client's" in str(said[3])


def test_each_attempt_begins_anew() -> None:
    """After a failure nothing of the first attempt is compared; the offer stands."""
    scene = Scene()
    scene.server(OFFER)
    scene.client(FIRST)
    scene.server(f"<failure {SASL}><not-authorized/></failure>")
    scene.client(FIRST.replace("SCRAM-SHA-1", "SCRAM-SHA-256"))
    scene.server(CHALLENGE)
    scene.server(f"<success {SASL}/>")
    scene.server(CHALLENGE)
    said = told(scene)

    assert "h=wrong" in str(said[4])
    assert "nonce=ok" in str(said[4])
    assert said[6] == "salt=2 B i=4096 h=unchecked (the offer was not seen)"


def test_the_offer_of_the_profile_in_use_counts() -> None:
    """SASL2 has mechanisms of its own (XEP-0474 §5)."""
    hashed = "LrtFoCs8XsoI+diY4u3rG69UGN8="
    scene = Scene()
    scene.server(
        f"<stream:features><mechanisms {SASL}><mechanism>PLAIN</mechanism></mechanisms>"
        f"<authentication {SASL2}><mechanism>SCRAM-SHA-1</mechanism></authentication></stream:features>"
    )
    scene.client(
        f"<authenticate {SASL2} mechanism='SCRAM-SHA-1'><initial-response>"
        f"{base64('n,,n=juliet,r=NONCE')}</initial-response></authenticate>"
    )
    scene.server(f"<challenge {SASL2}>{base64(f'r=NONCEx,s=c2E=,i=4096,h={hashed}')}</challenge>")

    assert "h=ok" in str(told(scene)[2])


def test_a_connection_that_begins_again_knows_nothing() -> None:
    """A number may be used again; a closed connection is forgotten."""
    for again in (Scene.opens, Scene.closes):
        scene = Scene()
        scene.server(OFFER)
        scene.client(FIRST)
        again(scene)
        scene.server(CHALLENGE)

        assert told(scene)[3] == "salt=2 B i=4096 h=unchecked (the offer was not seen)"


def test_one_element_can_be_opened_alone() -> None:
    """Then nothing is compared."""
    scene = Scene()
    first, second = scene.client(FIRST), scene.server(CHALLENGE)
    step = decode(second)

    assert decode(first) is not None
    assert step is not None
    assert step.text == "salt=2 B i=4096 h=unchecked (the offer was not seen)"
    assert decode(scene.client("<message/>")) is None


def test_the_oldest_connections_are_forgotten() -> None:
    """What is kept does not grow with the capture."""
    follower = SaslTracker()
    scene = Scene()
    first, second = scene.client(FIRST), scene.server(CHALLENGE)
    follower.see(first)
    for conn in range(2, tracker.MAX_CONNECTIONS + 2):
        follower.see(TLSEstablished(t=0, conn=conn, leg=Side.CLIENT, version="TLSv1.3", cipher=""))
    step = follower.see(second)

    assert step is not None
    assert step.value("nonce") is None
