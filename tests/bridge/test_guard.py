"""LoginGuard: the logins of one connection, from the offer to the end."""

from base64 import b64encode
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.bridge.stage import (
    CLIENT_LEG,
    DOMAIN,
    EXPORTER,
    JULIET,
    PASSWORD,
    PROFILES,
    WRONG,
    Client,
    Server,
    Stage,
    element_of,
    external_server,
    features,
    house,
    plain_client,
    plain_server,
    scram_client,
    scram_servers,
)
from xmppspy.bridge.credentials import Accounts
from xmppspy.bridge.house import House, Mode
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction
from xmppspy.protocol.guard import PASS

BASE = "SCRAM-SHA-256"
PLUS = "SCRAM-SHA-256-PLUS"
NAMES = (PLUS, BASE, "PLAIN")
BINDS = f"p={EXPORTER},,"
UNTOUCHED = "channel binding: the login passes untouched: "
BRIDGED = f"channel binding: the login of {JULIET} is bridged"


def bound(profile: str = ns.SASL, password: str = PASSWORD, *, late: bool = False) -> Client:
    """A client that binds to its TLS."""
    script = scram_client(PLUS, password, header=BINDS, channel=CLIENT_LEG.values[EXPORTER])
    return Client(profile, PLUS, script, late=late)


def unbound(profile: str = ns.SASL, flag: str = "n", password: str = PASSWORD) -> Client:
    """A client that does not."""
    return Client(profile, BASE, scram_client(BASE, password, header=f"{flag},,"))


def strict(profile: str = ns.SASL, names: Sequence[str] = NAMES) -> Server:
    """A server with these mechanisms, which can bind."""
    scripts = scram_servers([name for name in names if name != "PLAIN"])
    return Server(profile, {**scripts, "PLAIN": plain_server})


def failure(profile: str, *inner: str) -> bytes:
    """What a server says to a login."""
    return element_of(profile, "failure", "".join(inner).encode())


# --- what the guard looks at


@pytest.mark.parametrize("direction", ["c2s", "s2c"])
def test_other_frames_pass(direction: Direction) -> None:
    """Stream errors, elements of SASL before any login, features from a client, stanzas."""
    stage = Stage(house("bridge"))
    elements = [
        b"<iq type='get' id='1'/>",
        f"<stream:error><not-authorized xmlns='{ns.STREAM_ERRORS}'/></stream:error>".encode(),
        b"<auth xmlns='urn:x' mechanism='PLAIN'/>",
        *(element_of(profile, kind) for profile in PROFILES for kind in ("success", "response")),
    ]
    if direction == "c2s":
        elements.append(features(NAMES))

    assert [stage.see(direction, data) for data in elements] == [PASS] * len(elements)


def test_login_without_an_offer() -> None:
    """Clients may know what the server has (XEP-0388 §3), and a guard may have missed it."""
    stage = Stage(house())

    assert stage.play(unbound(), strict()) == "success"
    assert stage.untouched()
    assert stage.notes == [f"{UNTOUCHED}the client does not bind (n)"]


@pytest.mark.parametrize("profile", PROFILES)
def test_bound_login_without_an_offer(profile: str) -> None:
    """It is bridged as well."""
    stage = Stage(house())

    assert stage.play(bound(profile), strict(profile)) == "success"
    assert stage.notes[0].startswith(f"{BRIDGED} ({PLUS}, bound by {EXPORTER}): ")


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_has_its_own_offer(profile: str) -> None:
    """What the other one has does not count."""
    mine, other = (BASE, "PLAIN"), NAMES
    stage = Stage(house("bridge"))
    stage.offer(*((mine, other) if profile == ns.SASL else (other, mine)))
    server = strict(profile, mine)

    assert stage.play(Client(profile, BASE, scram_client(BASE)), server) == "success"
    assert server.mechanism == BASE


def test_guard_on_a_connection_in_the_clear() -> None:
    """Nothing binds there, and nothing is known of channels."""
    stage = Stage(house(), client=None, server=None)
    stage.offer(NAMES)

    assert stage.play(unbound(), strict()) == "success"
    assert stage.untouched()


# --- offers


@pytest.mark.parametrize("mode", ["auto", "keep", "bridge"])
def test_offer_that_stays(mode: Mode) -> None:
    """The same bytes, and nothing to say."""
    stage = Stage(house(mode))

    assert stage.offer(NAMES, NAMES, [EXPORTER]) == features(NAMES, NAMES, [EXPORTER])
    assert stage.notes == []


@pytest.mark.parametrize(("sasl", "sasl2"), [(True, True), (True, False), (False, True)])
def test_offer_that_is_stripped(*, sasl: bool, sasl2: bool) -> None:
    """The client sees less in each profile, and a note says why."""
    stage = Stage(house("strip", None))
    shown = stage.offer(NAMES if sasl else (), NAMES if sasl2 else (), [EXPORTER])
    left = (BASE, "PLAIN")

    assert shown == features(left if sasl else (), left if sasl2 else ())
    assert [note.partition(" (")[0] for note in stage.notes] == ["-PLUS was taken out of the offer"]


@pytest.mark.parametrize(("sasl", "sasl2"), [([PLUS], NAMES), (NAMES, [PLUS]), ([PLUS], [])])
def test_offer_that_would_hold_nothing(sasl: Sequence[str], sasl2: Sequence[str]) -> None:
    """A client has to have a choice; bound, it can at least be told what is wrong."""
    stage = Stage(house("strip", None))
    came = features(sasl, sasl2, [EXPORTER])

    assert stage.offer(sasl, sasl2, [EXPORTER]) == came
    assert stage.notes == ["the offer was left as it is: all that it holds binds to TLS"]


def test_offer_that_has_what_would_be_added() -> None:
    """Nothing was changed, and nothing is said."""
    stage = Stage(House(accounts=Accounts({"romeo@example.org": "x"}), takes_plain=True))

    assert stage.offer(NAMES, types=[EXPORTER]) == features(NAMES, (), [EXPORTER])
    assert stage.notes == []


def test_newest_offer_counts() -> None:
    """After a stripped offer in the clear comes another inside TLS, from which nothing is taken."""
    stage = Stage(house("strip", None))
    stage.offer([PLUS, BASE])
    stage.offer([BASE])
    stage.end()

    assert stage.errors == []


# --- notes


def test_first_login_is_told_and_those_that_are_bridged() -> None:
    """A client that tries again does not fill the capture."""
    stage = Stage(house())
    stage.offer(NAMES, types=[EXPORTER])
    for client in (unbound(password=WRONG), unbound(), bound(), bound()):
        stage.play(client, strict())

    assert [note.partition(":")[2].strip().partition(" (")[0] for note in stage.notes] == [
        "the login passes untouched: the client does not bind",
        f"the login of {JULIET} is bridged",
        f"the login of {JULIET} is bridged",
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_bridged_login_is_told_once(profile: str) -> None:
    """Also when its first message comes late, before which nothing is known."""
    at_once, late = Stage(house()), Stage(house())
    for stage in (at_once, late):
        stage.offer(NAMES, NAMES, [EXPORTER])
        assert stage.play(bound(profile, late=stage is late), strict(profile)) == "success"
    reason = f"the client binds to its TLS ({EXPORTER}), and the password was given"

    assert at_once.notes == [f"{BRIDGED} ({PLUS}, bound by {EXPORTER}): {reason}"]
    assert late.notes == at_once.notes


# --- whose login it is


@pytest.mark.parametrize(
    ("user", "domain", "known"),
    [
        ("juliet", DOMAIN, JULIET),
        (JULIET, DOMAIN, JULIET),
        ("Juliet@Example.ORG", DOMAIN, JULIET),
        ("juliet", "Example.ORG", JULIET),
        (JULIET, "EXAMPLE.org", JULIET),
        ("juliet@example.net", DOMAIN, "juliet@example.net@example.org"),
        ("juliet", "", "juliet"),
    ],
)
def test_account_of_a_user(user: str, domain: str, known: str) -> None:
    """Of the domain that the client's stream is for; some clients send the whole address."""
    stage = Stage(House("bridge", Accounts({JULIET: PASSWORD})))
    stage.guard.named(domain)
    stage.offer(NAMES, types=[EXPORTER])
    servers = scram_servers(NAMES[:2], accounts={user: PASSWORD})
    client = Client(ns.SASL, BASE, scram_client(BASE, user=user))
    stage.play(client, Server(ns.SASL, servers))
    is_juliet = known == JULIET

    assert stage.untouched() is not is_juliet
    assert any("is bridged" in note for note in stage.notes) is is_juliet


def test_long_names_are_told_short() -> None:
    """What is told of a hostile name stays small."""
    stage = Stage(house(password=None))
    stage.offer(NAMES, types=[EXPORTER])
    user, mechanism = "j" * 100_000, "M" * 100_000
    stage.see("c2s", Client(ns.SASL, "PLAIN", plain_client(user=user)).start())
    stage.see("s2c", failure(ns.SASL, f"<not-authorized xmlns='{ns.SASL}'/>"))
    stage.see("c2s", element_of(ns.SASL, "auth", attributes=f" mechanism='{mechanism}'"))
    stage.see("s2c", failure(ns.SASL, f"<invalid-mechanism xmlns='{ns.SASL}'/>"))

    assert stage.errors == ["login-failed"] * 2
    assert max(map(len, (*stage.notes, *stage.details))) < 3000


# --- how a login ends


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("inner", "condition"),
    [
        (f"<account-disabled xmlns='{ns.SASL}'/>", "account-disabled"),
        (f"<text>no</text><s:temporary-auth-failure xmlns:s='{ns.SASL}'/>", "temporary-auth-f"),
        (f"<something-new xmlns='{ns.SASL}'/>", "not-authorized"),
        ("", "not-authorized"),
        ("<text>invalid-authzid</text>", "not-authorized"),
    ],
)
def test_condition_of_a_failure(profile: str, inner: str, condition: str) -> None:
    """Wherever it stands; one that is not known counts as not-authorized (RFC 6120 §6.5)."""
    stage = Stage(house(password=None))
    stage.offer(NAMES, NAMES)
    stage.see("c2s", Client(profile, "PLAIN", plain_client()).start())
    stage.see("s2c", failure(profile, inner))

    assert stage.untouched()
    assert f"The login of {JULIET} by PLAIN failed ({condition}" in stage.details[0]


def test_late_message_of_plain_names_the_account() -> None:
    """The server asks for it, so it cannot be told of another mechanism any more."""
    stage = Stage(house("bridge", WRONG))
    stage.offer(["PLAIN", BASE])
    client = Client(ns.SASL, "PLAIN", plain_client(WRONG), late=True)

    assert stage.play(client, strict()) == "failure: not-authorized"
    assert stage.untouched()
    assert f"The login of {JULIET} by PLAIN failed" in stage.details[0]
    assert stage.leaks() == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("flag", "outcome"), [("n", "success"), ("y", "failure: malformed-req")])
def test_late_message_of_a_login_that_passes(profile: str, flag: str, outcome: str) -> None:
    """It is read all the same, for what there may be to explain."""
    stage = Stage(house())
    stage.offer(NAMES, NAMES)
    script = scram_client(BASE, header=f"{flag},,")
    result = stage.play(Client(profile, BASE, script, late=True), strict(profile))

    assert result.startswith(outcome)
    assert stage.untouched()
    assert (f"of {JULIET} by {BASE} with flag y" in "".join(stage.details)) is (flag == "y")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("aborts", [True, False])
def test_mechanism_of_which_the_server_knows_nothing(profile: str, *, aborts: bool) -> None:
    """Its first message is asked for here; before that the server need not hear of it."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES[:2], NAMES[:2], [EXPORTER])
    client, server = Client(profile, "PLAIN", plain_client(), late=True), strict(profile)
    if aborts:
        stage.see("c2s", client.start())
        ruling = stage.see("c2s", element_of(profile, "abort"))
        client.receive(ruling.reply)
    else:
        stage.play(client, server)

    assert client.outcome == ("failure: aborted" if aborts else "success")
    assert [etree.fromstring(said).get("mechanism") for said in server.seen[:1]] == (
        [] if aborts else [PLUS]
    )
    assert ["gave up the login by PLAIN before" in text for text in stage.details] == [
        True
    ] * aborts


@pytest.mark.parametrize("profile", PROFILES)
def test_failure_that_comes_from_here(profile: str) -> None:
    """It is explained like the server's."""
    stage = Stage(house(has_certificate=True))
    stage.offer(["EXTERNAL"], ["EXTERNAL"])
    server = Server(profile, {"EXTERNAL": external_server})

    assert stage.play(unbound(profile, password=WRONG), server) == "failure: not-authorized"
    assert server.seen == []
    assert stage.errors == ["login-failed"]


def test_each_login_is_judged_by_itself() -> None:
    """What a failed one has left behind does not change the next one."""
    stage = Stage(house())
    stage.offer(NAMES, types=[EXPORTER])
    outcomes = [
        stage.play(client, strict())
        for client in (bound(password=WRONG), bound(), Client(ns.SASL, "PLAIN", plain_client()))
    ]

    assert outcomes == ["failure: not-authorized", "success", "success"]
    assert stage.errors == ["login-failed"]


def test_login_that_begins_before_the_last_one_has_ended() -> None:
    """The new one counts, as for the server."""
    stage = Stage(house())
    stage.offer(NAMES, types=[EXPORTER])
    stage.see("c2s", Client(ns.SASL, "PLAIN", plain_client()).start())

    assert stage.play(bound(), strict()) == "success"


def test_nothing_is_explained_after_success() -> None:
    """A connection may end whenever it likes."""
    stage = Stage(house())
    stage.offer(NAMES, types=[EXPORTER])
    stage.play(bound(), strict())
    stage.end()

    assert stage.errors == []


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_connection_that_ends_in_a_login(password: str | None) -> None:
    """After the server's first message: the client may have minded what it says."""
    stage = Stage(house(password=password))
    stage.offer(NAMES, types=[EXPORTER])
    server = strict()
    stage.see("c2s", bound().start())
    stage.see("s2c", server.receive(stage.passed[-1][2] or b""))
    stage.end()
    stage.end()

    assert stage.errors == ["login-failed"]
    assert stage.details[0].startswith(f"the connection ended in the login of {JULIET} by {PLUS}")


def test_connection_that_ends_before_the_server_has_said_anything() -> None:
    """It is no failure of the login."""
    stage = Stage(house())
    stage.offer(NAMES, types=[EXPORTER])
    stage.see("c2s", bound().start())
    stage.end()

    assert stage.errors == []


@pytest.mark.parametrize(
    ("home", "error", "words"),
    [
        (house("strip", None), ["downgrade"], "(pinning)"),
        (house(password=None, takes_plain=True), ["login-failed"], "may refuse to show its pass"),
        (house(password=None), [], ""),
    ],
)
def test_client_that_goes_when_it_sees_the_offer(home: House, error: list[str], words: str) -> None:
    """It may miss something that xmppspy took out; but not after it has tried."""
    at_once, tried = Stage(home), Stage(home)
    for stage in (at_once, tried):
        stage.offer(NAMES, types=[EXPORTER])
    tried.play(Client(ns.SASL, "PLAIN", plain_client()), strict())
    for stage in (at_once, tried):
        stage.end()

    assert at_once.errors == error
    assert words in "".join(at_once.details)
    assert tried.errors == []


# --- what is learnt from a failure


def test_client_that_bound_is_offered_less_next_time() -> None:
    """Once it has failed because of that; with the flag y it gets in, if the server lets it."""
    home = house(password=None)
    first = Stage(home)
    first.offer(NAMES, types=[EXPORTER])
    assert first.play(bound(), strict()) == "failure: not-authorized"
    second, other = Stage(home), Stage(home, host="192.0.2.8")
    shown = second.offer(NAMES, types=[EXPORTER])
    outcome = second.play(unbound(), strict())

    assert first.errors == ["channel-binding"]
    assert first.untouched()
    assert shown == features((BASE, "PLAIN"))
    assert outcome == "success"
    assert other.offer(NAMES, types=[EXPORTER]) == features(NAMES, (), [EXPORTER])


@pytest.mark.parametrize(
    ("home", "condition", "challenged"),
    [
        (house(), "not-authorized", True),
        (house(password=None), "account-disabled", True),
        (house(password=None), "not-authorized", False),
    ],
)
def test_failures_that_binding_is_not_to_blame_for(
    home: House, condition: str, *, challenged: bool
) -> None:
    """A known password, another condition, an unknown user: the next offer is the same."""
    stage = Stage(home)
    stage.offer(NAMES, types=[EXPORTER])
    client, server = bound(), strict()
    stage.see("c2s", client.start())
    if challenged:
        challenge = server.receive(stage.passed[-1][2] or b"")
        stage.see("s2c", challenge)
        stage.see("c2s", client.receive(stage.passed[-1][2] or b""))
    stage.see("s2c", failure(ns.SASL, f"<{condition} xmlns='{ns.SASL}'/>"))
    again = Stage(home)

    assert stage.errors == ["login-failed"]
    assert again.offer(NAMES, types=[EXPORTER]) == features(NAMES, (), [EXPORTER])


def test_client_of_a_known_account_is_offered_the_same_again() -> None:
    """It was bound to somebody else's TLS: what it is offered would not help."""
    home = house()
    stage, again = Stage(home), Stage(home)
    stage.offer(NAMES, types=[EXPORTER])
    script = scram_client(PLUS, header=BINDS, channel=b"of another proxy")
    stage.play(Client(ns.SASL, PLUS, script), strict())

    assert stage.errors == ["channel-binding"]
    assert again.offer(NAMES, types=[EXPORTER]) == features(NAMES, (), [EXPORTER])


def test_flag_of_a_stripped_offer() -> None:
    """A server that can bind refuses it, and the way out is told."""
    stage = Stage(house("strip", None))
    stage.offer(NAMES, types=[EXPORTER])

    assert stage.play(unbound(flag="y"), strict()) == "failure: malformed-request"
    assert stage.untouched() is False
    assert stage.errors == ["downgrade"]
    assert "and without --channel-binding strip" in stage.details[0]


# --- mechanisms of which the guard knows little


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("mechanism", "content"),
    [
        ("DIGEST-MD5", b""),
        ("OAUTHBEARER", b"n,a=juliet,\x01auth=Bearer x\x01\x01"),
        ("ANONYMOUS", b"trace"),
        ("HT-SHA-256-NONE", b"juliet\0" + bytes(32)),
        ("HT-SHA-256-EXPR", b"no token"),
        ("HT-SHA-1-EXPR", b"juliet\0x"),
        ("SCRAM-SHA-256", b"\xff"),
        ("SCRAM-SHA-256-PLUS", b"nonsense"),
        ("SCRAM-SHA-384", b"n,,n=juliet,r=x"),
        ("PLAIN", b"no password"),
        ("EXTERNAL", b""),
        ("", b""),
    ],
)
@pytest.mark.parametrize("mode", ["auto", "bridge"])
def test_what_cannot_be_read_passes(
    mode: Mode, mechanism: str, content: bytes, profile: str
) -> None:
    """With all that follows; a failure is told."""
    stage = Stage(house(mode))
    stage.offer([*NAMES, mechanism or "X"], [*NAMES, mechanism or "X"], [EXPORTER])
    kind = "auth" if profile == ns.SASL else "authenticate"
    said = b64encode(content)
    if profile == ns.SASL2 and said:
        said = b"<initial-response>" + said + b"</initial-response>"
    stage.see("c2s", element_of(profile, kind, said, f" mechanism='{mechanism}'"))
    stage.see("s2c", element_of(profile, "challenge", b64encode(b"realm=x")))
    stage.see("c2s", element_of(profile, "response", b64encode(b"username=juliet")))
    stage.see("s2c", failure(profile, f"<not-authorized xmlns='{ns.SASL}'/>"))

    assert stage.untouched()
    assert len(stage.errors) == 1


@pytest.mark.parametrize("mechanism", [BASE, PLUS])
def test_late_message_that_cannot_be_read_passes(mechanism: str) -> None:
    """There is nothing to bridge."""
    stage = Stage(house("bridge"))
    stage.offer(NAMES, types=[EXPORTER])
    stage.see("c2s", element_of(ns.SASL, "auth", attributes=f" mechanism='{mechanism}'"))
    stage.see("s2c", element_of(ns.SASL, "challenge"))
    stage.see("c2s", element_of(ns.SASL, "response", b64encode(b"nonsense")))

    assert stage.untouched()
    assert stage.notes == []


def test_nobody_is_named_whose_name_cannot_be_read() -> None:
    """The domain alone is no account."""
    stage = Stage(house())
    stage.offer(NAMES)
    said = b64encode(b"no token")
    stage.see("c2s", element_of(ns.SASL, "auth", said, " mechanism='HT-SHA-256-EXPR'"))
    stage.see("s2c", failure(ns.SASL, f"<not-authorized xmlns='{ns.SASL}'/>"))

    assert stage.details[0].startswith("The login by HT-SHA-256-EXPR failed (not-authorized): ")


@pytest.mark.parametrize(
    ("mechanism", "content", "binding"),
    [
        ("SCRAM-SHA-384-PLUS", BINDS.encode() + b"n=juliet,r=abc", EXPORTER),
        ("HT-SHA-1-UNIQ", b"juliet\0" + bytes(20), "tls-unique"),
    ],
)
@pytest.mark.parametrize("late", [True, False])
def test_mechanism_that_binds_in_an_unknown_way(
    mechanism: str, content: bytes, binding: str, *, late: bool
) -> None:
    """It cannot be bridged, and that it is bound is to blame."""
    stage = Stage(house("bridge"))
    stage.offer([*NAMES, mechanism])
    said = b"" if late else b64encode(content)
    stage.see("c2s", element_of(ns.SASL, "auth", said, f" mechanism='{mechanism}'"))
    if late:
        stage.see("s2c", element_of(ns.SASL, "challenge"))
        stage.see("c2s", element_of(ns.SASL, "response", b64encode(content)))
    stage.see("s2c", element_of(ns.SASL, "challenge", b64encode(b"r=abcdef,s=AAAA,i=1")))
    stage.see("c2s", element_of(ns.SASL, "response", b64encode(b"c=biws,r=abcdef,p=AAAA")))
    stage.see("s2c", failure(ns.SASL, f"<not-authorized xmlns='{ns.SASL}'/>"))

    assert stage.untouched()
    assert stage.notes == [f"{UNTOUCHED}{mechanism} is not known to xmppspy"]
    assert stage.errors == ["channel-binding"]
    assert binding in stage.details[0] or mechanism.startswith("HT")


def test_login_without_a_mechanism() -> None:
    """The server will say what it thinks of it."""
    stage = Stage(house())
    stage.see("c2s", element_of(ns.SASL, "auth"))
    stage.see("s2c", failure(ns.SASL, f"<malformed-request xmlns='{ns.SASL}'/>"))

    assert stage.untouched()
    assert "by an unnamed mechanism" in stage.details[0]


# --- whatever is said


MODES = st.sampled_from(["auto", "keep", "strip", "bridge"])
CONTENTS = (
    b"", b"n,,n=juliet,r=abc", BINDS.encode() + b"n=juliet,r=abc", b"y,,n=juliet,r=abc",
    b"\0juliet\0x", b"r=abcdef,s=AAAA,i=1", b"r=abcdef,s=AAAA,i=1,h=x,t=0304", b"\xff\0",
    b"c=biws,r=abcdef,p=AAAA", b"v=AAAA", b"e=other-error", b"juliet\0" + bytes(32),
)  # fmt: skip
MECHANISMS = (*NAMES, "EXTERNAL", "HT-SHA-256-EXPR", "DIGEST-MD5", "")
CLIENTS = ("auth", "authenticate", "response", "abort", "next", "task-data")
SERVERS = ("challenge", "success", "failure", "continue")


@st.composite
def elements(draw: st.DrawFn) -> tuple[Direction, bytes]:
    """One element of SASL, SASL2, or an offer, that may stand anywhere."""
    direction: Direction = draw(st.sampled_from(["c2s", "s2c"]))
    kind = draw(st.sampled_from(["features", *(CLIENTS if direction == "c2s" else SERVERS)]))
    names = draw(st.lists(st.sampled_from(MECHANISMS), max_size=4))
    if kind == "features":
        return direction, features(names, draw(st.sampled_from([(), names])), [EXPORTER])
    profile = draw(st.sampled_from(PROFILES))
    content = b64encode(draw(st.sampled_from(CONTENTS)))
    if draw(st.booleans()) and kind in ("authenticate", "success", "continue"):
        name = b"initial-response" if kind == "authenticate" else b"additional-data"
        content = b"<" + name + b">" + content + b"</" + name + b">"
    mechanism = draw(st.sampled_from(MECHANISMS))
    return direction, element_of(profile, kind, content, f" mechanism='{mechanism}'")


@given(
    st.lists(elements(), max_size=12), MODES, st.booleans(), st.booleans(),
    st.sampled_from([None, PASSWORD]),
)  # fmt: skip
def test_no_conversation_is_too_much(
    said: list[tuple[Direction, bytes]],
    mode: Mode,
    has_certificate: bool,
    takes_plain: bool,
    password: str | None,
) -> None:
    """Whatever is said in whatever order, nothing is raised, and what goes on is well-formed."""
    home = house(mode, password, takes_plain=takes_plain, has_certificate=has_certificate)
    stage = Stage(home)
    for direction, data in said:
        ruling = stage.see(direction, data)
        for made in (stage.passed[-1][2], ruling.reply):
            if made and made != data:
                stage.frame(direction, made)
    stage.end()

    assert mode != "keep" or stage.untouched()
    assert stage.leaks() == []
