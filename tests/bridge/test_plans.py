"""Plans: by what, and how often, a login to the server is tried."""

from functools import partial

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
    Client,
    Leg,
    RefusedError,
    Script,
    Server,
    Stage,
    element_of,
    house,
    leg,
    payload_of,
    scram_client,
    scram_server,
)
from xmppspy.analysis.sasl.offers import Offer, Offers
from xmppspy.bridge.house import House
from xmppspy.bridge.plans import Plan, Plans
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.scram import ClientFirst
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame

INLINE = b"<user-agent  id='u'/><bind xmlns='urn:xmpp:bind:0'><tag>a &amp; b</tag></bind>"
BASE = "SCRAM-SHA-256"
PLUS = "SCRAM-SHA-256-PLUS"
BOTH = (PLUS, BASE)
DOMAIN = "example.org"
OLDER = leg("the server", "TLSv1.2")


def scene(home: House, offer: Offer | None, server: Leg | None = SERVER_LEG) -> Scene:
    """A connection to a server with this offer."""
    found = Scene(home, HOST, DOMAIN)
    found.offered = found.shown = Offers(offer)
    found.channels = {Side.CLIENT: CLIENT_LEG}
    if server is not None:
        found.channels[Side.SERVER] = server
    return found


def all_of(plans: Plans) -> list[Plan]:
    """The plans, in the order in which the server is asked."""
    found = [plans.now]
    while plans.give_up():
        found.append(plans.now)
    return found


def tried(
    offer: Offer | None,
    server: Leg | None = SERVER_LEG,
    *,
    binding: str = "",
    flag: str = "n",
    told: str = "",
    known: str | None = None,
) -> list[str]:
    """The plans for such a login, as `mechanism flag type`."""
    home = house()
    if known is not None and server is not None:
        home.remember_binding(DOMAIN, server.version, known)
    login = Facts(ns.SASL, PLUS if binding else BASE, JULIET, "p" if binding else flag, binding)
    plans = Plans(scene(home, offer, server), login, login.mechanism, told=told)
    return [f"{one.mechanism} {one.flag} {one.binding}".strip() for one in all_of(plans)]


# --- what there is to try


@pytest.mark.parametrize(
    ("types", "server", "binding", "expected"),
    [
        ((EXPORTER, END_POINT), SERVER_LEG, "", EXPORTER),
        ((END_POINT, EXPORTER), SERVER_LEG, END_POINT, END_POINT),
        ((EXPORTER,), SERVER_LEG, UNIQUE, EXPORTER),
        ((END_POINT, UNIQUE), OLDER, "", UNIQUE),
        ((END_POINT, UNIQUE), OLDER, EXPORTER, UNIQUE),
        ((END_POINT, EXPORTER), OLDER, "", END_POINT),
        ((EXPORTER,), OLDER, "", EXPORTER),
        ((END_POINT, EXPORTER), Leg("TLSv1.3", {END_POINT: b"x"}), "", END_POINT),
        (("tls-unheard-of", END_POINT), SERVER_LEG, "tls-unheard-of", END_POINT),
    ],
)  # fmt: skip
def test_one_of_the_types_that_are_listed(
    types: tuple[str, ...], server: Leg, binding: str, expected: str
) -> None:
    """The client's, then that of the version of TLS; there is nothing to guess (XEP-0440)."""
    assert tried(Offer(BOTH, types), server, binding=binding) == [f"{PLUS} p {expected}"]


@pytest.mark.parametrize(
    ("server", "binding", "expected"),
    [
        (SERVER_LEG, "", [EXPORTER, UNIQUE]),
        (SERVER_LEG, UNIQUE, [UNIQUE]),
        (SERVER_LEG, END_POINT, [END_POINT, UNIQUE]),
        (SERVER_LEG, "tls-unheard-of", [UNIQUE]),
        (OLDER, "", [UNIQUE]),
        (OLDER, EXPORTER, [UNIQUE, EXPORTER]),
        (OLDER, END_POINT, [UNIQUE, END_POINT]),
    ],
)
def test_types_that_are_not_listed_are_guessed(
    server: Leg, binding: str, expected: list[str]
) -> None:
    """Most servers without a list know tls-unique only; at last it is tried without binding."""
    plans = tried(Offer(BOTH), server, binding=binding)

    assert plans == [*(f"{PLUS} p {kind}" for kind in expected), f"{BASE} n"]


def test_only_bound_mechanisms_are_tried_bound() -> None:
    """Without -PLUS the server has nothing for this hash."""
    assert tried(Offer((PLUS,))) == [f"{PLUS} p {EXPORTER}", f"{PLUS} p {UNIQUE}"]


@pytest.mark.parametrize(
    ("offer", "server"),
    [
        (Offer((BASE,)), SERVER_LEG),
        (Offer((BASE, "SCRAM-SHA-1-PLUS")), SERVER_LEG),
        (Offer(BOTH, ()), SERVER_LEG),
        (Offer(BOTH, ("tls-unheard-of",)), SERVER_LEG),
        (Offer(BOTH, (EXPORTER,)), Leg()),
        (Offer(BOTH), Leg()),
        (Offer(BOTH), None),
        (None, SERVER_LEG),
    ],
)
def test_nothing_to_bind_with(offer: Offer | None, server: Leg | None) -> None:
    """No such mechanism with this hash, no type, no TLS that gives the data."""
    assert tried(offer, server) == [f"{BASE} n"]


def test_offer_that_was_not_seen() -> None:
    """What the client asks for is believed to be there; clients may know it from before."""
    assert tried(None) == [f"{BASE} n"]
    assert tried(None, binding=EXPORTER) == [f"{PLUS} p {EXPORTER}", f"{PLUS} p {UNIQUE}"]


@pytest.mark.parametrize(
    ("names", "flag", "expected"),
    [((BASE,), "y", "y"), ((BASE,), "n", "n"), ((BASE, "SCRAM-SHA-1-PLUS"), "y", "n")],
)
def test_flag_of_a_login_that_is_not_bound(
    names: tuple[str, ...], flag: str, expected: str
) -> None:
    """The client's y is true where nothing binds; else the server would take it for a downgrade."""
    assert tried(Offer(names), flag=flag) == [f"{BASE} {expected}"]


@pytest.mark.parametrize("types", [None, (END_POINT, EXPORTER)])
def test_mechanism_that_the_server_was_told(types: tuple[str, ...] | None) -> None:
    """It cannot be changed any more, nor be tried again."""
    offer = Offer(BOTH, types)

    assert tried(offer, told=BASE) == [f"{BASE} n"]
    assert tried(offer, binding=EXPORTER, told=PLUS) == [f"{PLUS} p {EXPORTER}"]
    assert tried(offer, None, binding=EXPORTER, told=PLUS) == [f"{PLUS} n"]


# --- what was learnt


@pytest.mark.parametrize(
    ("known", "expected"),
    [(UNIQUE, [f"{PLUS} p {UNIQUE}", f"{BASE} n"]), ("", [f"{BASE} n"])],
)
def test_what_a_server_took_is_tried_first(known: str, expected: list[str]) -> None:
    """That it took none as well."""
    assert tried(Offer(BOTH), binding=EXPORTER, known=known) == expected


def test_list_counts_for_more_than_memory() -> None:
    """A server that begins to list its types has changed."""
    assert tried(Offer(BOTH, (EXPORTER,)), known=UNIQUE) == [f"{PLUS} p {EXPORTER}"]


@pytest.mark.parametrize(
    ("offer", "tries", "expected"),
    [
        (Offer(BOTH), 0, EXPORTER),
        (Offer(BOTH), 1, UNIQUE),
        (Offer(BOTH), 2, ""),
        (Offer(BOTH, (EXPORTER,)), 0, None),
        (Offer((BASE,)), 0, None),
    ],
)
def test_what_worked_is_remembered(offer: Offer, tries: int, expected: str | None) -> None:
    """For the server and its version of TLS, where there was something to try."""
    home = house()
    login = Facts(ns.SASL, PLUS, JULIET, "p", EXPORTER)
    plans = Plans(scene(home, offer), login, PLUS)
    for _ in range(tries):
        assert plans.give_up()
    plans.succeed()

    assert home.binding_of(DOMAIN, "TLSv1.3") == expected
    assert home.binding_of(DOMAIN, "TLSv1.2") is None


def test_nothing_is_learnt_of_the_clear() -> None:
    """Without TLS there is one plan, and nothing to remember it by."""
    home = house()
    Plans(scene(home, Offer(BOTH), None), Facts(ns.SASL, BASE), BASE).succeed()

    assert home.binding_of(DOMAIN, "") is None


# --- how it is said


def test_next_plan_is_told() -> None:
    """What was refused, and what is tried in its stead; the login is known by it from then on."""
    login = Facts(ns.SASL, PLUS, JULIET, "p", EXPORTER)
    plans = Plans(scene(house(), Offer(BOTH)), login, PLUS)
    told, known = [], [(login.bridged, login.bridged_binding)]
    while note := plans.give_up():
        told.append(note)
        known.append((login.bridged, login.bridged_binding))

    start = "the server does not tell its types of channel binding, and has refused "
    assert told == [
        f"{start}{EXPORTER}: the login is tried again, bound by {UNIQUE}",
        f"{start}{UNIQUE}: the login is tried again, without binding",
    ]
    assert known == [(PLUS, EXPORTER), (PLUS, UNIQUE), (BASE, "")]


def test_login_that_is_given_up_is_not_tried_again() -> None:
    """Whatever there was to try."""
    login = Facts(ns.SASL, PLUS, JULIET, "p", EXPORTER)
    plans = Plans(scene(house(), Offer(BOTH)), login, PLUS)
    plans.stop()

    assert plans.give_up() == ""
    assert login.bridged_binding == EXPORTER


@pytest.mark.parametrize(
    ("profile", "name", "opening"),
    [
        (ns.SASL2, "authenticate", b"<initial-response>ZmlsbGVk</initial-response>"),
        (ns.SASL2, "authenticate", b""),
        (ns.SASL, "auth", b"ZmlsbGVk"),
    ],
)
def test_first_element_changes_where_it_must(profile: str, name: str, opening: bytes) -> None:
    """The mechanism and the header of the message; its bare part and what is inline stay."""
    inline = INLINE if profile == ns.SASL2 else b""
    data = element_of(profile, name, opening + inline, f" x='y'  mechanism='{BASE}'")
    offer = Offer(BOTH, (END_POINT,))
    there = scene(house(), offer)
    there.offered = Offers(offer, offer)
    plans = Plans(there, Facts(profile, BASE), BASE)
    said = ClientFirst.parse("n,a=romeo,n=juliet,r=abc,x=1")
    message = plans.message(Frame(name, data, xmlns=profile), said)

    assert message.startswith(data[: data.index(BASE.encode())] + PLUS.encode() + b"'>")
    assert message.endswith(inline + f"</{name}>".encode())
    assert payload_of(etree.fromstring(message)) == (
        f"p={END_POINT},a=romeo,n=juliet,r=abc,x=1".encode()
    )


# --- with a server


def choosy(mechanism: str, knows: str, asked: list[str]) -> Script:
    """A server that refuses all types of channel binding but one; empty: it binds by none."""
    first = (yield b"") or b""
    flag = first.decode().partition(",")[0]
    asked.append(flag.removeprefix("p=").removeprefix("n"))
    if asked[-1] != knows:
        raise RefusedError("not-authorized")
    script = scram_server(mechanism)
    next(script)
    final = yield script.send(first)
    try:
        script.send(final)
    except StopIteration as stop:
        return bytes(stop.value)
    raise AssertionError("the login is not complete")


@pytest.mark.parametrize("knows", [EXPORTER, UNIQUE, ""])
@pytest.mark.parametrize("profile", PROFILES)
def test_server_that_knows_one_type(profile: str, knows: str) -> None:
    """The client sees one login, which succeeds; that of its next connection asks at once."""
    home, asked = house(), []
    for _ in range(2):
        stage, seen = Stage(home), list[str]()
        stage.offer(BOTH, BOTH)
        data = CLIENT_LEG.values[EXPORTER]
        script = scram_client(PLUS, header=f"p={EXPORTER},,", channel=data)
        servers = {name: partial(choosy, name, knows, seen) for name in BOTH}
        outcome = stage.play(Client(profile, PLUS, script), Server(profile, servers))
        assert (outcome, stage.errors, stage.leaks()) == ("success", [], [])
        asked.append(seen)

    types = [EXPORTER, UNIQUE, ""]
    assert asked == [types[: types.index(knows) + 1], [knows]]
