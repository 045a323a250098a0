"""ScramBridge: one login on two legs, each with a channel of its own."""

from base64 import b64encode

import pytest

from tests.bridge.stage import (
    CLIENT_LEG,
    END_POINT,
    EXPORTER,
    JULIET,
    PASSWORD,
    PROFILES,
    SALT,
    SERVER_LEG,
    UNIQUE,
    WRONG,
    Client,
    Leg,
    Server,
    Stage,
    element_of,
    fields,
    hash_name,
    house,
    keys,
    leg,
    offer_hash,
    scram_client,
    scram_server,
    scram_servers,
    scramp_client,
    scramp_server,
)
from xmppspy.bridge.credentials import Accounts, Credentials, ScramKeys
from xmppspy.bridge.house import House
from xmppspy.bridge.scram import MAX_ITERATIONS
from xmppspy.protocol import namespaces as ns

BASES = ("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512")
INLINE = (
    b"<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Orchard &amp; Co</software>"
    b"</user-agent><bind xmlns='urn:xmpp:bind:0'><tag>moon</tag><enable xmlns='urn:xmpp:sm:3' "
    b"resume='true'/><enable xmlns='urn:xmpp:carbons:2'/></bind>"
    b"<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>"
)
RESULTS = (
    b"<authorization-identifier>juliet@example.org/moon</authorization-identifier>"
    b"<bound  xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='s1' resume='1'/>"
    b"<!-- as it is --></bound>"
    b"<token xmlns='urn:xmpp:fast:0' token='soft-what-light' expiry='2030-01-01T00:00:00Z'/>"
)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", [END_POINT, UNIQUE])
@pytest.mark.parametrize("base", BASES)
def test_bound_login_between_peers_of_another_library(profile: str, kind: str, base: str) -> None:
    """Each peer binds to its own TLS, and both are content; scramp is the judge."""
    names = [f"{base}-PLUS", base]
    stage = Stage(house())
    stage.offer(names, names, [kind])
    script = scramp_client(names[0], kind=kind, data=CLIENT_LEG.values[kind])
    data = SERVER_LEG.values[kind]
    server = Server(profile, {names[0]: lambda: scramp_server(names[0], kind=kind, data=data)})

    assert stage.play(Client(profile, names[0], script), server) == "success"
    assert server.lets_in
    assert (stage.errors, stage.leaks()) == ([], [])
    assert any(f"bridged ({names[0]}, bound by {kind})" in note for note in stage.notes)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("confirms", [False, True])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("base", BASES)
def test_bound_by_keying_material(profile: str, base: str, *, late: bool, confirms: bool) -> None:
    """Whenever the first message comes, and wherever the server's last one stands."""
    names = [f"{base}-PLUS", base]
    stage = Stage(house())
    stage.offer(names, names, [EXPORTER, END_POINT])
    data = CLIENT_LEG.values[EXPORTER]
    script = scram_client(names[0], header=f"p={EXPORTER},,", channel=data)
    client = Client(profile, names[0], script, late=late)
    server = Server(profile, scram_servers(names), confirms=confirms)

    assert stage.play(client, server) == "success"
    assert server.mechanism == names[0]
    assert (stage.errors, stage.leaks()) == ([], [])


@pytest.mark.parametrize("prefix", ["", "s"])
def test_what_stands_inline_comes_through(prefix: str) -> None:
    """Bind 2, stream management, carbons and tokens are asked for and given byte for byte."""
    name = "SCRAM-SHA-256-PLUS"
    stage = Stage(house())
    stage.offer(sasl2=[name], types=[EXPORTER])
    data = CLIENT_LEG.values[EXPORTER]
    script = scram_client(name, header=f"p={EXPORTER},,", channel=data)
    inline, results = INLINE, RESULTS
    if prefix:
        inline = inline.replace(b"user-agent", b"s:user-agent")
        results = results.replace(b"authorization-identifier", b"s:authorization-identifier")
    client = Client(ns.SASL2, name, script, inline=inline, prefix=prefix)
    server = Server(ns.SASL2, scram_servers([name]), inline=results, prefix=prefix)

    assert stage.play(client, server) == "success"
    assert inline in server.seen[0]
    assert results in client.success
    assert stage.leaks("soft-what-light") == []


@pytest.mark.parametrize("authzid", ["romeo@example.org", "a=2Cb=3Dc"])
@pytest.mark.parametrize("user", ["juliet", "ju,li=et", "=,=", "jülïet"])
def test_names_are_kept(user: str, authzid: str) -> None:
    """With their escapes (RFC 5802 §5.1), and the identity that is asked for."""
    name = "SCRAM-SHA-1-PLUS"
    stage = Stage(House(accounts=Accounts(default=PASSWORD)))
    stage.offer([name], types=[EXPORTER])
    header = f"p={EXPORTER},a={authzid},"
    script = scram_client(name, user=user, header=header, channel=CLIENT_LEG.values[EXPORTER])
    server = Server(ns.SASL, scram_servers([name], accounts={user: PASSWORD}))

    assert stage.play(Client(ns.SASL, name, script), server) == "success"
    assert (server.payloads[0] or b"").startswith(header.encode() + b"n=")


@pytest.mark.parametrize(
    ("flag", "types", "version", "expected"),
    [
        ("n", [EXPORTER, END_POINT], "TLSv1.3", f"p={EXPORTER}"),
        ("n", [END_POINT], "TLSv1.3", f"p={END_POINT}"),
        ("n", [UNIQUE, END_POINT], "TLSv1.2", f"p={UNIQUE}"),
        ("n", [EXPORTER], "TLSv1.2", f"p={EXPORTER}"),
        ("p", [EXPORTER, END_POINT], "TLSv1.3", f"p={END_POINT}"),
        ("p", [EXPORTER], "TLSv1.3", f"p={EXPORTER}"),
    ],
)
def test_how_the_server_is_bound(flag: str, types: list[str], version: str, expected: str) -> None:
    """By the client's type where it serves, else by the best that is listed (XEP-0440)."""
    names = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]
    stage = Stage(house("bridge"), client=leg("c", version), server=leg("s", version))
    stage.offer(names, types=types)
    name = names[0] if flag == "p" else names[1]
    header = f"p={END_POINT},," if flag == "p" else f"{flag},,"
    data = f"{END_POINT} of c".encode() if flag == "p" else b""
    server = Server(ns.SASL, scram_servers(names, channel=leg("s", version)))

    assert (
        stage.play(Client(ns.SASL, name, scram_client(name, header=header, channel=data)), server)
        == "success"
    )
    assert server.mechanism == names[0]
    assert (server.payloads[0] or b"").startswith(expected.encode() + b",,")


@pytest.mark.parametrize("flag", ["n", "y"])
def test_flag_of_a_server_that_cannot_bind(flag: str) -> None:
    """Where the server has no -PLUS nothing is bound, and the client's flag stays true."""
    name = "SCRAM-SHA-256"
    stage = Stage(house("bridge"))
    stage.offer([name])
    server = Server(ns.SASL, scram_servers([name], can_bind=False))
    client = Client(ns.SASL, name, scram_client(name, header=f"{flag},,"))

    assert stage.play(client, server) == "success"
    assert (server.payloads[0] or b"").startswith(f"{flag},,".encode())


def test_client_that_was_not_offered_to_bind() -> None:
    """A stripped offer makes the flag y; the server, which would refuse it, gets a bound login."""
    names = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]
    home = house()
    home.remember_bound("192.0.2.7", "example.org")
    stage = Stage(home)
    shown = stage.offer(names, types=[UNIQUE])
    data = SERVER_LEG.values[UNIQUE]
    server = Server(ns.SASL, {names[0]: lambda: scramp_server(names[0], kind=UNIQUE, data=data)})
    script = scramp_client(names[1], kind=UNIQUE, data=CLIENT_LEG.values[UNIQUE])

    assert b"PLUS" not in (shown or b"")
    assert stage.play(Client(ns.SASL, names[1], script), server) == "success"


# --- what protects the offer


def test_hash_of_the_offer_is_made_for_what_was_shown() -> None:
    """XEP-0474: the client saw another list than the server has sent."""
    names = ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"]
    types = [EXPORTER, END_POINT]
    home = house()
    home.remember_bound("192.0.2.7", "example.org")
    stage = Stage(home)
    stage.offer(names, types=types)
    sent = offer_hash(names[0], names, types)
    server = Server(ns.SASL, scram_servers(names, extra=f",h={sent}"))
    expects = {"h": offer_hash(names[0], names[:1])}
    client = Client(ns.SASL, names[0], scram_client(names[0], header="y,,", expects=expects))

    assert sent == "G6k/rBLDqgOhRRaCuuatSDFkJ08="
    assert stage.play(client, server) == "success"
    assert stage.errors == []


@pytest.mark.parametrize("profile", PROFILES)
def test_hash_of_an_offer_that_is_shown_as_it_is(profile: str) -> None:
    """It is left as it is; only the list of the profile that is used counts."""
    names = ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"]
    stage = Stage(house())
    offers = (names, ["PLAIN"]) if profile == ns.SASL else (["PLAIN"], names)
    stage.offer(*offers, types=[EXPORTER], fast=["HT-SHA-256-NONE"])
    sent = offer_hash(names[0], names, [EXPORTER])
    script = scram_client(
        names[1],
        header=f"p={EXPORTER},,",
        channel=CLIENT_LEG.values[EXPORTER],
        expects={"h": sent},
    )
    server = Server(profile, scram_servers(names, extra=f",h={sent}"))

    assert stage.play(Client(profile, names[1], script), server) == "success"
    assert stage.errors == []


@pytest.mark.parametrize(
    ("extra", "word"), [(",h=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "XEP-0474"), (",t=0303", "XEP-0515")]
)
def test_what_was_wrong_already_stays_wrong(extra: str, word: str) -> None:
    """Somebody before xmppspy has changed something: the client is not kept from seeing it."""
    names = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"]
    stage = Stage(house(), client=leg("the client", "TLSv1.2"))
    stage.offer(names, types=[END_POINT])
    script = scram_client(
        names[0],
        header=f"p={END_POINT},,",
        channel=CLIENT_LEG.values[END_POINT],
        expects={extra[1]: "right"},
    )
    server = Server(ns.SASL, scram_servers(names, extra=extra))

    assert stage.play(Client(ns.SASL, names[0], script), server) == "failure: aborted"
    assert stage.errors == ["downgrade", "login-failed"]
    assert word in stage.details[0]
    assert f"it can check the {'hash' if extra[1] == 'h' else 'version'}" in stage.details[1]


@pytest.mark.parametrize(
    ("client", "server", "sent", "shown"),
    [
        ("TLSv1.2", "TLSv1.3", "0304", "0303"),
        ("TLSv1.3", "TLSv1.2", "0303", "0304"),
        ("TLSv1.3", "TLSv1.3", "0304", "0304"),
        ("TLSv9", "TLSv1.3", "0304", "0304"),
    ],
)
@pytest.mark.parametrize("flag", ["n", "p"])
def test_version_of_tls_is_the_clients(
    flag: str, client: str, server: str, sent: str, shown: str
) -> None:
    """XEP-0515: the legs can have different versions, and each peer hears its own."""
    names = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]
    ours = leg("s", server)
    stage = Stage(house(), client=leg("c", client), server=ours)
    stage.offer(names, types=[END_POINT])
    name = names[0] if flag == "p" else names[1]
    script = scram_client(
        name,
        header=f"p={END_POINT},," if flag == "p" else "n,,",
        channel=f"{END_POINT} of c".encode() if flag == "p" else b"",
        expects={"t": shown},
    )
    peer = Server(ns.SASL, scram_servers(names, channel=ours, extra=f",t={sent},x=kept"))

    assert stage.play(Client(ns.SASL, name, script), peer) == "success"
    assert stage.errors == []


def test_version_is_left_alone_on_one_leg() -> None:
    """Where only one leg has TLS there is nothing to compare."""
    name = "SCRAM-SHA-256"
    stage = Stage(house("bridge"), client=None)
    stage.offer([name])
    script = scram_client(name, expects={"t": "0304"})
    server = Server(ns.SASL, scram_servers([name], extra=",t=0304"))

    assert stage.play(Client(ns.SASL, name, script), server) == "success"


# --- what goes wrong


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("base", BASES)
def test_wrong_password_in_the_client(profile: str, base: str) -> None:
    """The server gets a wrong proof of the right length, and its own failure comes back."""
    name = f"{base}-PLUS"
    stage = Stage(house())
    stage.offer([name], [name], [EXPORTER])
    script = scram_client(
        name, WRONG, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER]
    )
    server = Server(profile, scram_servers([name]))

    assert stage.play(Client(profile, name, script), server) == "failure: not-authorized"
    assert stage.errors == ["login-failed"]
    assert "the password in the client is not the one that xmppspy was given" in stage.details[0]
    assert stage.leaks() == []


def test_wrong_password_here() -> None:
    """The client's is right; nobody gets in by the wrong one, and it is said which to mend."""
    name = "SCRAM-SHA-256-PLUS"
    stage = Stage(house(password=WRONG))
    stage.offer([name], types=[EXPORTER])
    script = scram_client(name, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER])
    server = Server(ns.SASL, scram_servers([name]))

    assert stage.play(Client(ns.SASL, name, script), server) == "failure: not-authorized"
    assert "mend the wrong one of the two" in stage.details[0]
    assert stage.leaks() == []


def test_wrong_password_on_both_sides() -> None:
    """They agree, and the server does not."""
    name = "SCRAM-SHA-256-PLUS"
    stage = Stage(house(password=WRONG))
    stage.offer([name], types=[EXPORTER])
    data = CLIENT_LEG.values[EXPORTER]
    script = scram_client(name, WRONG, header=f"p={EXPORTER},,", channel=data)
    server = Server(ns.SASL, scram_servers([name]))

    assert stage.play(Client(ns.SASL, name, script), server) == "failure: not-authorized"
    assert "the password is wrong on both sides, or the user is unknown" in stage.details[0]


def test_client_that_is_bound_to_another_channel() -> None:
    """Somebody stands between client and xmppspy too: the proof does not help them."""
    name = "SCRAM-SHA-256-PLUS"
    stage = Stage(house())
    stage.offer([name], types=[EXPORTER])
    script = scram_client(name, header=f"p={EXPORTER},,", channel=b"of another proxy")
    server = Server(ns.SASL, scram_servers([name]))

    assert stage.play(Client(ns.SASL, name, script), server) == "failure: not-authorized"
    assert not server.lets_in
    assert stage.errors == ["channel-binding"]
    assert "another proxy stands between them" in stage.details[0]


@pytest.mark.parametrize("client", [scram_client, scramp_client])
def test_server_that_cannot_prove_itself(client: object) -> None:
    """A wrong signature is told, and passes as it is: the client refuses."""
    names = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]
    stage = Stage(house())
    stage.offer(names, types=[UNIQUE])
    data = CLIENT_LEG.values[UNIQUE]
    script = (
        scramp_client(names[0], kind=UNIQUE, data=data)
        if client is scramp_client
        else scram_client(names[0], header=f"p={UNIQUE},,", channel=data)
    )
    server = Server(ns.SASL, scram_servers(names, lies=True))

    assert stage.play(Client(ns.SASL, names[0], script), server).startswith("refused")
    assert stage.errors == ["server-unproved"]
    assert stage.leaks() == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("after", ["", "challenge", "response"])
def test_server_that_says_nothing_with_success(profile: str, after: str) -> None:
    """It has not proved itself, which is told; the element passes as it is."""
    name = "SCRAM-SHA-256-PLUS"
    stage = Stage(house())
    stage.offer([name], [name], [EXPORTER])
    client = Client(
        profile,
        name,
        scram_client(name, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER]),
    )
    server = Server(profile, scram_servers([name]))
    stage.see("c2s", client.start())
    if after:
        challenge = server.receive(stage.passed[-1][2] or b"")
        stage.see("s2c", challenge)
        if after == "response":
            stage.see("c2s", client.receive(challenge))
    success = element_of(profile, "success")
    ruling = stage.see("s2c", success)

    assert stage.passed[-1][1:] == (success, success)
    assert [each.error for each in ruling.troubles] == ["server-unproved"]


# --- keys instead of a password


def kept(base: str, salt: bytes = SALT, password: str = PASSWORD) -> ScramKeys:
    """What a server stores."""
    found = keys(base, password, salt)
    return ScramKeys(base, salt, 4096, found.stored, found.server)


@pytest.mark.parametrize("base", BASES)
def test_stored_keys_suffice(base: str) -> None:
    """The client's right proof holds what is missing."""
    name = f"{base}-PLUS"
    home = House(accounts=Accounts({JULIET: Credentials(keys=[kept(base)])}))
    stage = Stage(home)
    stage.offer([name], types=[EXPORTER])
    script = scram_client(name, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER])
    server = Server(ns.SASL, scram_servers([name]))

    assert stage.play(Client(ns.SASL, name, script), server) == "success"
    assert (stage.errors, stage.leaks()) == ([], [])


def test_stored_keys_do_not_let_anybody_in() -> None:
    """A wrong password in the client stays wrong."""
    name = "SCRAM-SHA-1-PLUS"
    home = House(accounts=Accounts({JULIET: Credentials(keys=[kept("SCRAM-SHA-1")])}))
    stage = Stage(home)
    stage.offer([name], types=[EXPORTER])
    data = CLIENT_LEG.values[EXPORTER]
    script = scram_client(name, WRONG, header=f"p={EXPORTER},,", channel=data)

    assert stage.play(Client(ns.SASL, name, script), Server(ns.SASL, scram_servers([name]))) == (
        "failure: not-authorized"
    )


@pytest.mark.parametrize(
    "given", [kept("SCRAM-SHA-1", b"another salt of 24 bytes"), kept("SCRAM-SHA-256")]
)
def test_keys_that_do_not_fit(given: ScramKeys) -> None:
    """Another salt, or another hash: it is said what to do, once."""
    name = "SCRAM-SHA-1-PLUS"
    stage = Stage(House(accounts=Accounts({JULIET: Credentials(keys=[given])})))
    stage.offer([name], types=[EXPORTER])
    script = scram_client(name, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER])
    server = Server(ns.SASL, scram_servers([name]))

    assert stage.play(Client(ns.SASL, name, script), server).startswith("failure")
    assert stage.errors == ["login-failed"]
    assert "take them from the server again, or give the password" in stage.details[0]
    assert stage.leaks(given.salt) == []


@pytest.mark.parametrize(
    ("password", "iterations"), [(PASSWORD, MAX_ITERATIONS + 1), ("\u0007", 4096), ("\u00ad", 4096)]
)
def test_password_that_cannot_be_used(password: str, iterations: int) -> None:
    """More iterations than are bearable, or a password that SASLprep refuses: no login, no raise."""
    name = "SCRAM-SHA-1-PLUS"
    stage = Stage(house(password=password))
    stage.offer([name], types=[EXPORTER])
    stage.see("c2s", Client(ns.SASL, name, scram_client(name, header=f"p={EXPORTER},,")).start())
    answer = f"r=clientnonce2,s={b64encode(SALT).decode()},i={iterations}".encode()
    stage.see("s2c", element_of(ns.SASL, "challenge", b64encode(answer)))
    final = element_of(ns.SASL, "response", b64encode(b"c=biws,r=clientnonce2,p=AAAA"))
    stage.see("c2s", final)
    stage.see(
        "s2c", element_of(ns.SASL, "failure", f"<not-authorized xmlns='{ns.SASL}'/>".encode())
    )

    assert [went for _, came, went in stage.passed if came == final] == [final]
    assert stage.errors == ["login-failed"]
    assert "xmppspy cannot prove the password" in stage.details[0]
    assert password not in stage.told()


# --- messages that are none


ANSWER = f"r=clientnonce2,s={b64encode(SALT).decode()},i=4096".encode()
BAD_ANSWERS = [
    b"", b"\xff\xfe", b"e=other-error", b"r=othernonce,s=AAAA,i=4096", b"r=clientnonce2,s=AAAA",
    b"r=clientnonce2,s=A,i=4096", b"r=clientnonce2,s=AAAA,i=0", b"m=x," + ANSWER, ANSWER + b",",
    ANSWER + b",h=", ANSWER + b",r=again",
]  # fmt: skip
BAD_FINALS = [
    b"", b"\xff", b"c=biws", b"c=biws,r=clientnonce2", b"c=biws,r=clientnonce2,p=A",
    b"p=AAAA,c=biws,r=clientnonce2", b"c=*,r=clientnonce2,p=AAAA", b"*",
]  # fmt: skip


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_malformed_first_message_of_a_server(profile: str, answer: bytes) -> None:
    """It passes as it is, and so does all that follows: the client will refuse it."""
    name = "SCRAM-SHA-1-PLUS"
    stage = Stage(house())
    stage.offer([name], [name], [EXPORTER])
    stage.see("c2s", Client(profile, name, scram_client(name, header=f"p={EXPORTER},,")).start())
    before = len(stage.passed)
    stage.see("s2c", element_of(profile, "challenge", b64encode(answer)))
    stage.see("c2s", element_of(profile, "response", b64encode(b"c=biws,r=clientnonce2,p=AAAA")))
    stage.see("s2c", element_of(profile, "failure", f"<aborted xmlns='{ns.SASL}'/>".encode()))

    assert all(came == went for _, came, went in stage.passed[before:])


@pytest.mark.parametrize("final", BAD_FINALS)
def test_malformed_last_message_of_a_client(final: bytes) -> None:
    """It passes as it is: the server says what it thinks of it."""
    name = "SCRAM-SHA-1-PLUS"
    stage = Stage(house())
    stage.offer([name], types=[EXPORTER])
    stage.see("c2s", Client(ns.SASL, name, scram_client(name, header=f"p={EXPORTER},,")).start())
    stage.see("s2c", element_of(ns.SASL, "challenge", b64encode(ANSWER)))
    said = element_of(ns.SASL, "response", b64encode(final) if final != b"*" else b"no base64")
    stage.see("c2s", said)

    assert stage.passed[-1][1:] == (said, said)


@pytest.mark.parametrize("proof", [b"short", bytes(19), bytes(21), bytes(200)])
def test_proof_of_another_length(proof: bytes) -> None:
    """The server gets one of the right length, so that it is the password that it refuses."""
    name = "SCRAM-SHA-1-PLUS"
    stage = Stage(house())
    stage.offer([name], types=[EXPORTER])
    stage.see("c2s", Client(ns.SASL, name, scram_client(name, header=f"p={EXPORTER},,")).start())
    stage.see("s2c", element_of(ns.SASL, "challenge", b64encode(ANSWER)))
    said = b"c=biws,r=clientnonce2,p=" + b64encode(proof)
    ruling = stage.see("c2s", element_of(ns.SASL, "response", b64encode(said)))
    server = Server(ns.SASL, {})
    server._script = scram_server(name)
    next(server._script)

    assert isinstance(ruling.data, bytes)
    server.receive(ruling.data)
    sent = fields((server.payloads[0] or b"").decode())["p"]

    assert len(sent) == len(b64encode(bytes(20)))


def test_more_after_the_server_has_confirmed() -> None:
    """Tasks of SASL2 (XEP-0388 §2.6.3) pass untouched, and the final success needs no signature."""
    name = "SCRAM-SHA-256-PLUS"
    stage = Stage(house())
    stage.offer(sasl2=[name], types=[EXPORTER])
    script = scram_client(name, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER])
    client, server = Client(ns.SASL2, name, script), Server(ns.SASL2, scram_servers([name]))
    stage.see("c2s", client.start())
    stage.see("s2c", server.receive(stage.passed[-1][2] or b""))
    stage.see("c2s", client.receive(stage.passed[-1][2] or b""))
    success = server.receive(stage.passed[-1][2] or b"")
    tasks = b"<tasks><task>UPGR-SCRAM-SHA-512</task></tasks>"
    stage.see("s2c", success.replace(b"success", b"continue").replace(b"</cont", tasks + b"</cont"))
    went = stage.passed[-1][2] or b""
    before = len(stage.passed)
    stage.see("c2s", element_of(ns.SASL2, "next", attributes=" task='UPGR-SCRAM-SHA-512'"))
    salt = b"<salt xmlns='urn:xmpp:scram-upgrade:0' iterations='4096'>AAAA</salt>"
    stage.see("s2c", element_of(ns.SASL2, "task-data", salt))
    hashed = b"<hash xmlns='urn:xmpp:scram-upgrade:0'>AAAA</hash>"
    stage.see("c2s", element_of(ns.SASL2, "task-data", hashed))
    stage.see("s2c", element_of(ns.SASL2, "success", b"<authorization-identifier/>"))

    assert tasks in went
    assert client.receive(went.replace(b"continue", b"success")) == b""
    assert client.outcome == "success"
    assert all(came == went for _, came, went in stage.passed[before:])
    assert stage.errors == []


def test_leg_that_cannot_be_bound() -> None:
    """A server's leg without TLS of its own is not bound."""
    names = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]
    stage = Stage(house("bridge"), server=Leg())
    stage.offer(names, types=[EXPORTER])
    server = Server(ns.SASL, scram_servers(names))
    client = Client(ns.SASL, names[1], scram_client(names[1]))

    assert stage.play(client, server) == "success"
    assert server.mechanism == names[1]
    assert hash_name(names[1]) == "sha256"
