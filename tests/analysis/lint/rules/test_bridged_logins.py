"""Rules about logins that xmppspy has changed: nobody is blamed for that, nor spared for it."""

from collections.abc import Callable

import pytest

from tests.analysis import bridged
from tests.analysis.bridged import BOUND, CHALLENGE, FIRST, PLUS, Bridged, auth, features
from tests.analysis.sasl.logins import SASL2
from tests.analysis.scenes import JULIET, Scene
from xmppspy.analysis.lint import Linter, Severity


def rules(scene: Scene) -> dict[str, int | None]:
    """The rules about logins that a scene breaks, and the frames; errors of all other rules too."""
    linter = Linter()
    found = [each for event in scene.events for each in linter.see(event)]
    found += linter.finish()
    return {
        each.rule: each.n
        for each in found
        if each.rule.startswith("T") or each.severity is Severity.ERROR
    }


@pytest.mark.parametrize("name", bridged.LOGINS)
def test_nobody_is_blamed_for_what_xmppspy_did(name: str) -> None:
    """No offer, mechanism, flag, nonce, `h` or `t` looks wrong because it was changed."""
    assert rules(bridged.LOGINS[name]()) == {}


def test_a_flag_that_fits_the_changed_offer_is_right() -> None:
    """The client could bind, and was not offered it."""
    assert rules(bridged.stripped("y")) == {}


# --- real faults


def bare_flag() -> Bridged:
    """The client could see -PLUS, because the narrowed offer still has it."""
    scene = Bridged()
    scene.down(features(PLUS), features(PLUS, ("tls-server-end-point",)))
    scene.client(auth("SCRAM-SHA-256", f"y,,{FIRST}"))
    return scene


def unseen_mechanism() -> Bridged:
    """The client chooses what the server offers, but what it was not shown."""
    scene = Bridged()
    scene.down(features(PLUS), features(("SCRAM-SHA-256",), ()))
    scene.client(auth("SCRAM-SHA-256-PLUS", BOUND + FIRST))
    return scene


def odd_offer() -> Bridged:
    """The server's own offer lacks the types, and has PLAIN; the client sees none of that."""
    scene = Bridged()
    scene.down(features((*PLUS, "PLAIN"), ()), features(("SCRAM-SHA-256",), ()))
    return scene


def bad_challenge(said: str, mechanism: str = "SCRAM-SHA-256-PLUS") -> Bridged:
    """The server is wrong towards xmppspy, while the client has shown its password."""
    scene = Bridged()
    scene.down(features(PLUS), features(("PLAIN",), ()))
    scene.up(auth("PLAIN", "\0juliet\0R0m30isth3one"), auth(mechanism, BOUND + FIRST))
    scene.down(bridged.step("challenge", said), "")
    return scene


def wrong_hash() -> Bridged:
    """`h` is that of what the client was shown, which the server cannot know."""
    return bad_challenge(CHALLENGE + bridged.protections(("PLAIN",), None))


def wrong_version() -> Bridged:
    """`t` is not the version of the server's leg, although it is that of the client's."""
    scene = Bridged(client="TLSv1.2")
    scene.server(features(PLUS))
    scene.client(auth("SCRAM-SHA-256", f"n,,{FIRST}"))
    scene.server(bridged.step("challenge", f"{CHALLENGE},t=0303"))
    return scene


def weak() -> Bridged:
    """The nonce is another one than the server was sent."""
    return bad_challenge("r=othernonce,s=c2FsdA==,i=4096")


def foreign_token() -> Bridged:
    """A token is used with another mechanism than it was made for."""
    scene = bridged.fast()
    agent, sasl2 = bridged.AGENT, SASL2
    scene.client(
        f"<authenticate {sasl2} mechanism='SCRAM-SHA-256'>{agent}"
        f"<request-token {bridged.FAST} mechanism='HT-SHA-256-NONE'/></authenticate>", conn=2
    )  # fmt: skip
    scene.server(
        f"<success {sasl2}><authorization-identifier>{JULIET}</authorization-identifier>"
        f"<token {bridged.FAST} token='x' expiry='2030-01-01T00:00:00Z'/></success>", conn=2
    )  # fmt: skip
    scene.client(
        f"<authenticate {sasl2} mechanism='HT-SHA-256-EXPR'>{agent}<fast {bridged.FAST}/></authenticate>",
        conn=3, sent=b"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-EXPR'/>",
    )  # fmt: skip
    return scene


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (bare_flag, {"T13": 4}),
        (unseen_mechanism, {"T09": 4}),
        (odd_offer, {"T10": 3, "T21": 3}),
        (wrong_hash, {"T16": 5}),
        (wrong_version, {"T12": 4, "T16": 5}),
        (weak, {"T15": 5}),
        (foreign_token, {"T25": 11}),
    ],
)
def test_what_is_wrong_is_noticed_all_the_same(
    make: Callable[[], Bridged], expected: dict[str, int | None]
) -> None:
    """In the light of what that side was sent."""
    found = rules(make())

    assert found == expected
