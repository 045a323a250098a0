"""Ways: what is done about offers and logins, by what the house was told."""

from typing import Final

import pytest
from lxml import etree

from tests.bridge.stage import (
    CLIENT_LEG,
    END_POINT,
    EXPORTER,
    HOST,
    JULIET,
    PROFILES,
    SERVER_LEG,
    UNIQUE,
    Leg,
    features,
    house,
    leg,
)
from xmppspy.analysis.sasl.offers import Offer, Offers, offers_in
from xmppspy.bridge.attempt import Attempt, Watched
from xmppspy.bridge.credentials import Accounts
from xmppspy.bridge.external_bridge import ExternalBridge
from xmppspy.bridge.fast import HashedToken
from xmppspy.bridge.house import House, Mode
from xmppspy.bridge.plain_bridge import Plain, PlainBridge
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.scram_bridge import ScramBridge
from xmppspy.bridge.token_bridge import TokenBridge
from xmppspy.bridge.ways import Showing, Way, by_plain, by_scram, by_token, is_ours, showing
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side

DOMAIN = "example.org"
ROMEO = f"romeo@{DOMAIN}"
BASE = "SCRAM-SHA-256"
PLUS = "SCRAM-SHA-256-PLUS"
MODES: Final[tuple[Mode, ...]] = ("auto", "keep", "strip", "bridge")

BOTH_TYPES = (EXPORTER, END_POINT)
EVERYTHING = Offer(("PLAIN", PLUS, BASE, "EXTERNAL"), BOTH_TYPES)
UNBOUND = Offer(("PLAIN", BASE, "EXTERNAL"))
CERTIFICATE_ONLY = Offer(("EXTERNAL", "PLAIN"))

OWN = b"the certificate of the server itself"


def scene(
    home: House,
    offered: Offer,
    *,
    shown: Offer | None = None,
    client: Leg = CLIENT_LEG,
    server: Leg = SERVER_LEG,
) -> Scene:
    """A connection to a server with this offer in both profiles."""
    found = Scene(home, HOST, DOMAIN)
    found.channels = {Side.CLIENT: client, Side.SERVER: server}
    found.offered = Offers(offered, offered)
    found.shown = Offers(shown or offered, shown or offered)
    return found


def with_own_certificate(home: House, offered: Offer, shown: Offer | None = None) -> Scene:
    """The same with `--cert` and `--key`: both legs show one certificate."""
    legs = [leg(name, tls_server_end_point=OWN) for name in ("the client", "the server")]
    return scene(home, offered, shown=shown, client=legs[0], server=legs[1])


def others_house(mode: Mode = "auto", *, takes_plain: bool = False) -> House:
    """A house that knows romeo's password only."""
    return House(mode, Accounts({ROMEO: "x"}), takes_plain)


# --- offers


def seen(found: Showing | None, offered: Offer) -> Offer | None:
    """What a client sees; None where it sees what the server offers."""
    if found is None:
        return None
    data = found.edit(features(offered.mechanisms, offered.mechanisms, offered.bindings or ()))
    tree = etree.fromstring(f"<x xmlns:stream='{ns.STREAMS}'>".encode() + data + b"</x>")
    offers = offers_in(tree[0])
    assert offers.sasl == offers.sasl2
    return offers.sasl


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("offered", [EVERYTHING, UNBOUND, Offer(()), Offer((PLUS,))])
def test_offer_stays_unless_something_is_wanted(offered: Offer, mode: Mode) -> None:
    """Whether the password is known or not; only `strip` takes something out."""
    strips = mode == "strip" and offered.can_bind
    for password in (None, "x"):
        found = showing(scene(house(mode, password), offered))

        assert (found is not None) is strips


def test_strip() -> None:
    """What binds goes, and the note warns of the flag y."""
    found = showing(scene(house("strip"), EVERYTHING))
    assert found is not None

    assert seen(found, EVERYTHING) == Offer(("PLAIN", BASE, "EXTERNAL"))
    assert (found.strips, found.plain_only) == (True, False)
    assert "(--channel-binding strip)" in found.why
    assert "flag y" in found.why


def test_auto_strips_after_a_failure() -> None:
    """For the client and the domain where a bound login has failed, if something binds there."""
    home = house(password=None)
    home.remember_bound(HOST, DOMAIN)
    here, there = scene(home, EVERYTHING), scene(home, EVERYTHING)
    there.domain = "example.net"
    found = showing(here)
    assert found is not None

    assert seen(found, EVERYTHING) == Offer(("PLAIN", BASE, "EXTERNAL"))
    assert found.strips
    assert "--account JID" in found.why
    assert showing(there) is None
    assert showing(scene(home, UNBOUND)) is None


@pytest.mark.parametrize("failed", [True, False])
@pytest.mark.parametrize(
    ("mode", "offered", "expected"),
    [
        ("auto", EVERYTHING, ("PLAIN", "EXTERNAL")),
        ("bridge", EVERYTHING, ("PLAIN", "EXTERNAL")),
        ("auto", Offer((PLUS,)), ("PLAIN",)),
        ("auto", UNBOUND, None),
        ("auto", Offer((BASE,)), None),
        ("bridge", UNBOUND, ("PLAIN", "EXTERNAL")),
        ("bridge", Offer((BASE,)), ("PLAIN",)),
        ("auto", Offer(("PLAIN",)), None),
        ("bridge", Offer(("EXTERNAL",)), None),
        ("bridge", Offer(("SCRAM-SHA-384-PLUS",)), None),
    ],
)
def test_password_is_to_be_shown(
    mode: Mode, offered: Offer, expected: tuple[str, ...] | None, *, failed: bool
) -> None:
    """In place of SCRAM, where xmppspy could log in by that; in `auto` only where it binds."""
    home = house(mode, None, takes_plain=True)
    if failed:
        home.remember_bound(HOST, DOMAIN)
    found = showing(scene(home, offered))

    assert seen(found, offered) == (None if expected is None else Offer(expected))
    assert found is None or (found.strips, found.plain_only) == (False, True)
    assert found is None or "(--bridge-plain)" in found.why


@pytest.mark.parametrize("mode", ["auto", "bridge"])
def test_password_may_be_shown(mode: Mode) -> None:
    """Accounts whose passwords were given go on by SCRAM; those of others have PLAIN besides."""
    offered = Offer((PLUS, BASE), BOTH_TYPES)
    found = showing(scene(others_house(mode, takes_plain=True), offered))
    assert found is not None

    assert seen(found, offered) == Offer((PLUS, BASE, "PLAIN"), BOTH_TYPES)
    assert (found.strips, found.plain_only) == (False, False)


@pytest.mark.parametrize("mode", ["auto", "bridge"])
@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (CERTIFICATE_ONLY, ("EXTERNAL", "PLAIN", "SCRAM-SHA-512", BASE, "SCRAM-SHA-1")),
        (
            Offer(("EXTERNAL", "DIGEST-MD5")),
            ("EXTERNAL", "DIGEST-MD5", "SCRAM-SHA-512", BASE, "SCRAM-SHA-1"),
        ),
        (EVERYTHING, None),
        (Offer(("PLAIN",)), None),
    ],
)
def test_scram_for_a_server_that_takes_certificates(
    mode: Mode, offered: Offer, expected: tuple[str, ...] | None
) -> None:
    """Where it has none, so that the client can prove itself to xmppspy."""
    found = showing(scene(house(mode, has_certificate=True), offered))

    assert seen(found, offered) == (None if expected is None else Offer(expected))


def test_scram_is_not_for_a_proxy_without_certificate() -> None:
    """What the server does not have would lead to nothing."""
    assert showing(scene(house(), CERTIFICATE_ONLY)) is None


def test_nobody_can_prove_himself_without_a_known_password() -> None:
    """The certificate alone makes no offer."""
    home = house(password=None, has_certificate=True)

    assert showing(scene(home, CERTIFICATE_ONLY)) is None


@pytest.mark.parametrize(
    ("has", "types", "expected"),
    [
        ([END_POINT, UNIQUE], BOTH_TYPES, (END_POINT,)),
        ([END_POINT, UNIQUE], (END_POINT,), None),
        ([], BOTH_TYPES, ()),
        ([EXPORTER, END_POINT, UNIQUE], BOTH_TYPES, None),
        ([END_POINT], None, None),
    ],
)
def test_types_that_the_client_cannot_have(
    has: list[str], types: tuple[str, ...] | None, expected: tuple[str, ...] | None
) -> None:
    """Its TLS is older; what it cannot bind by is not offered, where the login can be bridged."""
    offered = Offer((PLUS, BASE), types)
    older = Leg("TLSv1.2", dict.fromkeys(has, b"x"))
    found = showing(scene(house(), offered, client=older))
    alike = Leg("TLSv1.3", older.values)

    assert seen(found, offered) == (None if expected is None else Offer((PLUS, BASE), expected))
    assert showing(scene(house(password=None), offered, client=older)) is None
    assert showing(scene(house(), offered, client=alike)) is None


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (BOTH_TYPES, (END_POINT,)),
        ((EXPORTER, UNIQUE, END_POINT), (END_POINT,)),
        ((END_POINT,), None),
        ((EXPORTER,), None),
        (None, None),
    ],
)
def test_one_type_is_equal_with_the_servers_own_certificate(
    types: tuple[str, ...] | None, expected: tuple[str, ...] | None
) -> None:
    """Only that is left; not so where the password was given, and every type can be bridged."""
    offered = Offer((PLUS, BASE), types)
    found = showing(with_own_certificate(house(password=None), offered))

    assert seen(found, offered) == (None if expected is None else Offer((PLUS, BASE), expected))
    assert showing(with_own_certificate(house(), offered)) is None
    assert showing(with_own_certificate(house("keep", None), offered)) is None


# --- logins


def login(mechanism: str, flag: str = "", binding: str = "", profile: str = ns.SASL) -> Facts:
    """A login of juliet's, whose first message was read."""
    return Facts(profile, mechanism, JULIET, flag, binding)


def is_way(found: Way, kind: type[Attempt], why: str) -> bool:
    """Whether it is an attempt of this kind, for this reason."""
    assert (type(found.attempt), found.why) == (kind, why)
    return True


UNKNOWN: Final = f"xmppspy has no password for {JULIET} (--account)"
DOES_NOT = "the client does not bind (n)"
COULD = "the client could bind but is not asked (y)"
BINDS = f"the client binds to its TLS ({EXPORTER})"
GIVEN = ", and the password was given"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("mode", "flag", "known", "kind", "why"),
    [
        ("auto", "p", True, ScramBridge, BINDS + GIVEN),
        ("bridge", "p", True, ScramBridge, BINDS + GIVEN),
        ("bridge", "n", True, ScramBridge, DOES_NOT + GIVEN),
        ("bridge", "y", True, ScramBridge, COULD + GIVEN),
        ("auto", "n", True, Watched, DOES_NOT),
        ("auto", "y", True, Watched, COULD),
        ("auto", "n", False, Watched, DOES_NOT),
        ("bridge", "y", False, Watched, COULD),
        ("auto", "p", False, Watched, f"{BINDS}, which the server cannot see, and {UNKNOWN}"),
        ("keep", "p", True, Watched, "as --channel-binding keep wants it"),
        ("strip", "y", True, Watched, "as --channel-binding strip wants it"),
    ],
)
def test_login_by_scram(
    profile: str, mode: Mode, flag: str, kind: type[Attempt], why: str, *, known: bool
) -> None:
    """It is bridged where it has to be and can be, or where a person wants it so."""
    home = house(mode) if known else others_house(mode)
    said = login(PLUS, "p", EXPORTER, profile) if flag == "p" else login(BASE, flag, "", profile)

    assert is_way(by_scram(scene(home, EVERYTHING), said), kind, why)


@pytest.mark.parametrize(
    ("shown", "client"),
    [(Offer(("PLAIN", BASE, "EXTERNAL")), CLIENT_LEG), (EVERYTHING, leg("c", "TLSv1.2"))],
)
def test_login_in_an_offer_that_is_not_the_servers(shown: Offer, client: Leg) -> None:
    """What the server tells of offer and TLS has to be made anew, which needs the password."""
    for flag, reason in (("n", DOES_NOT), ("y", COULD)):
        known = scene(house(), EVERYTHING, shown=shown, client=client)
        unknown = scene(others_house(), EVERYTHING, shown=shown, client=client)
        though = "though the offer differs; the password would help (--account)"

        assert is_way(by_scram(known, login(BASE, flag)), ScramBridge, reason + GIVEN)
        assert is_way(by_scram(unknown, login(BASE, flag)), Watched, f"{reason}, {though}")


def test_binding_that_is_equal_on_both_legs() -> None:
    """It passes, also where the password was given, unless what goes with it has to be changed."""
    said = login(PLUS, "p", END_POINT)
    why = f"both legs are equal by {END_POINT}"
    less = Offer(EVERYTHING.mechanisms, (END_POINT,))
    same = with_own_certificate(house(), EVERYTHING)
    changed = with_own_certificate(house(), EVERYTHING, less)
    unknown = with_own_certificate(house(password=None), EVERYTHING, less)

    assert is_way(by_scram(same, said), Watched, why)
    assert is_way(by_scram(unknown, said), Watched, why)
    assert by_scram(changed, said).why == f"the client binds to its TLS ({END_POINT}){GIVEN}"


@pytest.mark.parametrize(
    ("offered", "told", "kind"),
    [
        (EVERYTHING, "", ExternalBridge),
        (CERTIFICATE_ONLY, "", ExternalBridge),
        (EVERYTHING, BASE, Watched),
        (Offer((BASE,)), "", Watched),
    ],
)
def test_login_by_certificate(offered: Offer, told: str, kind: type[Attempt]) -> None:
    """Where the server takes it, and was not told of another mechanism already."""
    home = house(has_certificate=True)
    way = by_scram(scene(home, offered), login(BASE, "n"), told=told)

    assert type(way.attempt) is kind
    assert (way.why == "by the certificate given to it") is (kind is ExternalBridge)


def test_certificate_is_not_for_everyone() -> None:
    """Only for those who can prove themselves."""
    home = House(accounts=Accounts({ROMEO: "x"}), has_certificate=True)
    there = scene(home, EVERYTHING)

    assert type(by_scram(there, login(BASE, "n")).attempt) is Watched
    assert type(by_plain(there, login("PLAIN"), Plain("", "juliet", "x")).attempt) is Watched


@pytest.mark.parametrize(
    ("home", "offered", "kind", "why"),
    [
        (house("auto"), EVERYTHING, Watched, "PLAIN does not bind to TLS"),
        (house("bridge"), EVERYTHING, PlainBridge, "the client has shown its password"),
        (others_house("bridge"), EVERYTHING, Watched, "PLAIN does not bind to TLS"),
        (house("bridge"), CERTIFICATE_ONLY, Watched, "PLAIN does not bind to TLS"),
        (house("keep"), EVERYTHING, Watched, "as --channel-binding keep wants it"),
        (house("strip"), EVERYTHING, Watched, "as --channel-binding strip wants it"),
        (
            house(password=None, takes_plain=True), EVERYTHING, PlainBridge,
            "the client has shown its password",
        ),
        (
            house(password=None, takes_plain=True), Offer((PLUS,)), PlainBridge,
            "the client has shown its password",
        ),
        (
            house(password=None, takes_plain=True), CERTIFICATE_ONLY, Watched,
            "PLAIN does not bind to TLS",
        ),
        (house(password=None), Offer((BASE,)), Watched, "PLAIN does not bind to TLS"),
        (
            house(has_certificate=True), EVERYTHING, ExternalBridge,
            "by the certificate given to it",
        ),
    ],
)  # fmt: skip
def test_login_by_plain(home: House, offered: Offer, kind: type[Attempt], why: str) -> None:
    """A password that is shown is used for SCRAM where a person wants it, and only there."""
    way = by_plain(scene(home, offered), login("PLAIN"), Plain("", "juliet", "x"))

    assert is_way(way, kind, why)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("SCRAM-SHA-1", BASE, "SCRAM-SHA-512"), "SCRAM-SHA-512"),
        (("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", BASE), BASE),
        (("SCRAM-SHA-1", PLUS), PLUS),
        (("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"), "SCRAM-SHA-1-PLUS"),
    ],
)
def test_strongest_hash_is_taken(names: tuple[str, ...], expected: str) -> None:
    """Bound or not: the hash comes first."""
    said = login("PLAIN")
    by_plain(scene(house("bridge"), Offer(names)), said, Plain("", "juliet", "x"))

    assert said.bridged == expected


EXPR = "HT-SHA-256-EXPR"


def token_bridge(there: Scene, said: Facts) -> TokenBridge:
    """One that was found for it."""
    method = HashedToken.read(said.mechanism)
    assert method is not None
    return TokenBridge(there, said, method, "token")


@pytest.mark.parametrize(
    ("mode", "mechanism", "binding", "is_known", "why"),
    [
        ("auto", EXPR, EXPORTER, True, "the token is bound to TLS, and was given through xmppspy"),
        ("auto", EXPR, EXPORTER, False, "the token is bound to TLS, and is not known to xmppspy"),
        ("auto", "HT-SHA-256-NONE", "", False, "HT-SHA-256-NONE does not bind to TLS"),
        ("keep", EXPR, EXPORTER, False, "as --channel-binding keep wants it"),
        ("auto", "HT-SHA-256-ENDP", END_POINT, False, f"both legs are equal by {END_POINT}"),
        ("bridge", "HT2-SHA-256-EXPR", EXPORTER, True,
         "the token is bound to TLS, and was given through xmppspy"),
    ],
)  # fmt: skip
def test_login_by_token(
    mode: Mode, mechanism: str, binding: str, why: str, *, is_known: bool
) -> None:
    """It is bridged where it binds and is known."""
    there = with_own_certificate(house(mode), EVERYTHING)
    said = login(mechanism, binding=binding)
    bridge = token_bridge(there, said) if is_known else None

    assert is_way(by_token(there, said, bridge), TokenBridge if is_known else Watched, why)


def test_login_without_an_offer() -> None:
    """Nothing is known of what the server has; what it was asked for is let be, or bound anew."""
    there = Scene(house("bridge", has_certificate=True), HOST, DOMAIN)
    plain = by_plain(there, login("PLAIN"), Plain("", "juliet", "x"))
    bound = by_scram(there, login(PLUS, "p", EXPORTER))

    assert is_way(plain, Watched, "PLAIN does not bind to TLS")
    assert is_way(bound, ScramBridge, BINDS + GIVEN)


@pytest.mark.parametrize("profile", PROFILES)
def test_offer_of_one_profile(profile: str) -> None:
    """Servers need not have both."""
    offered = Offer((PLUS, BASE), BOTH_TYPES)
    there = with_own_certificate(house(password=None, takes_plain=True), offered)
    there.offered = Offers(offered) if profile == ns.SASL else Offers(sasl2=offered)
    found = showing(there)
    there.house.takes_plain = False
    less = showing(there)
    assert found is not None
    assert less is not None

    assert found.plain_only
    assert less.why.startswith("of the types of channel binding")


@pytest.mark.parametrize("profile", PROFILES)
def test_whose_a_mechanism_is(profile: str) -> None:
    """It is xmppspy's where the server does not have it and the client has seen it."""
    there = scene(house(), Offer((PLUS, BASE)), shown=Offer(("PLAIN", BASE)))

    assert is_ours(there, login("PLAIN", profile=profile))
    assert not is_ours(there, login(BASE, profile=profile))
    assert not is_ours(there, login(PLUS, profile=profile))
    assert not is_ours(Scene(house(), HOST), login("PLAIN", profile=profile))
