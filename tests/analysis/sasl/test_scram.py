import pytest

from tests.analysis.sasl.logins import Login, alone, auth, base64
from xmppspy.analysis.sasl.scram import looks_like_scram
from xmppspy.protocol.events import Side

FIRST = "n,,n=juliet,r=CLIENTNONCE"
SERVER_NONCE = "CLIENTNONCEservernonce"
SALT = base64(b"0123456789abcdef")
HASH = "G6k/rBLDqgOhRRaCuuatSDFkJ08="


def server_first(*more: str, nonce: str = SERVER_NONCE, iterations: str = "4096") -> str:
    """A server's first message."""
    return ",".join((f"r={nonce}", f"s={SALT}", f"i={iterations}", *more))


def test_a_whole_login_is_opened() -> None:
    """Four messages: who, how strong, bound to what; proofs are hidden."""
    login = Login()
    first = login.auth("SCRAM-SHA-256", "n,a=nurse,n=jul=2Ciet,r=CLIENTNONCE")
    second = login.challenge(server_first())
    third = login.response(f"c={base64('n,a=nurse,')},r={SERVER_NONCE},p={base64('proof')}")
    last = login.success(f"v={base64('signature')}")

    assert [step.message for step in (first, second, third, last)] == [
        "client-first", "server-first", "client-final", "server-final",
    ]  # fmt: skip
    assert first.text == (
        "SCRAM-SHA-256 user=jul,iet authzid=nurse gs2=n (the client cannot bind to the TLS channel)"
    )
    assert second.text == "nonce=ok (begins with the client's) salt=16 B i=4096"
    assert (third.text, last.text) == ("proof=•••", "signature=•••")
    assert {step.mechanism for step in (first, second, third, last)} == {"SCRAM-SHA-256"}
    assert not any(step.masked for step in (first, second, third, last))


def test_a_bound_login_says_to_what() -> None:
    """The channel-binding data is counted, its type named."""
    login = Login()
    login.auth("SCRAM-SHA-1-PLUS", "p=tls-exporter,,n=juliet,r=CLIENTNONCE")
    login.challenge(server_first())
    bound = base64(b"p=tls-exporter,," + bytes(32))
    step = login.response(f"c={bound},r={SERVER_NONCE},p=cA==")

    assert step.text == "bound=32 B (tls-exporter) proof=•••"


def test_masked_proofs_are_said_to_be_masked() -> None:
    """What was overwritten with asterisks when it was recorded still decodes."""
    login = Login()
    login.auth("SCRAM-SHA-1", FIRST)
    login.challenge(server_first())
    third = login.response(f"c=biws,r={SERVER_NONCE},p=****************************")
    last = login.success("v=****************************")

    assert (third.text, third.masked) == ("proof=masked", True)
    assert (last.text, last.masked) == ("signature=masked", True)


@pytest.mark.parametrize(
    ("message", "warning"),
    [
        (server_first(iterations="4095"), "4095 iterations are too few: at least 4096 (RFC 7677 §4)"),
        (server_first(iterations="0"), "there is no iteration count (RFC 5802 §7)"),
        (server_first(iterations="9" * 5000), "there is no iteration count (RFC 5802 §7)"),
        (server_first(nonce="other"), "the nonce does not continue the client's (RFC 5802 §5.1)"),
        (server_first(nonce="CLIENTNONCE"), "the nonce does not continue the client's (RFC 5802 §5.1)"),
        (f"r={SERVER_NONCE},s=!,i=4096", "there is no salt, or it is not base64 (RFC 5802 §7)"),
        ("m=x," + server_first(), "it has the attribute m, at which the receiver has to fail (RFC 5802 §5.1)"),
    ],
)  # fmt: skip
def test_faults_of_the_server_are_warned_of(message: str, warning: str) -> None:
    """Weak parameters and messages that a client has to refuse."""
    login = Login()
    login.auth("SCRAM-SHA-1", FIRST)

    assert login.challenge(message).warnings == (warning,)


@pytest.mark.parametrize(
    ("message", "warning"),
    [
        (f"c=biws,r={SERVER_NONCE}x,p=cA==", "the nonce is not the server's (RFC 5802 §5.1)"),
        (f"c=biws,r={SERVER_NONCE}", "there is no proof (RFC 5802 §7)"),
        (f"c=AAAA,r={SERVER_NONCE},p=cA==", "c is not the base64 of a gs2 header (RFC 5802 §7)"),
        (f"c=eSws,r={SERVER_NONCE},p=cA==", "c does not repeat the gs2 header of the first message (RFC 5802 §5.1)"),
        (f"c={base64('n,,data')},r={SERVER_NONCE},p=cA==", "c holds channel-binding data although the flag says that there is none"),
    ],
)  # fmt: skip
def test_faults_of_the_client_are_warned_of(message: str, warning: str) -> None:
    """What a server has to refuse."""
    login = Login()
    login.auth("SCRAM-SHA-1", FIRST)
    login.challenge(server_first())

    assert login.response(message).warnings == (warning,)


def test_unfit_first_messages_are_warned_of() -> None:
    """Without header, user or nonce nothing can come of it; what it says is not shown."""
    assert auth("SCRAM-SHA-1", "secret").text == (
        "SCRAM-SHA-1; warning: there is no gs2 header (RFC 5802 §7)"
    )
    assert "needs a user and a nonce" in auth("SCRAM-SHA-1", "n,,n=juliet").text
    assert "secret" not in auth("SCRAM-SHA-1", "n,,n=,r=secret,x=secret").text
    assert "other=x" in auth("SCRAM-SHA-1", "n,,n=u,r=secret,x=secret").text


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("e=invalid-proof", "error=invalid-proof"),
        ("v=", "signature=empty"),
        ("x", "warning: there is neither a signature nor an error (RFC 5802 §7)"),
    ],
)
def test_the_end_of_a_login(payload: str, text: str) -> None:
    """The server's signature or its error; in a challenge of its own, too (RFC 6120 §6.4.6)."""
    login, other = Login(), Login()
    login.auth("SCRAM-SHA-1", FIRST)
    assert login.success(payload).text == text
    other.auth("SCRAM-SHA-1", FIRST)
    other.challenge(server_first())

    assert other.challenge("e=unknown-user").text == "error=unknown-user"


# --- XEP-0474, XEP-0515


def test_the_hash_of_the_offer_is_checked() -> None:
    """`h` is right for the offer that was seen, wrong for another, unchecked without one."""
    texts = []
    for offered in (("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"), ("SCRAM-SHA-1",), ()):
        login = Login()
        if offered:
            login.offers(*offered, bindings=("tls-server-end-point", "tls-exporter"))
        login.auth("SCRAM-SHA-1", FIRST)
        step = login.challenge(server_first(f"h={HASH}"))
        texts.append([str(each) for each in step.fields if each.name == "h"] + list(step.warnings))

    assert texts == [
        ["h=ok (the offer is as the server made it)"],
        [
            "h=wrong",
            (
                "h is not the hash of the mechanisms and channel-binding types that were offered: "
                "the client has to fail (XEP-0474 §5)"
            ),
        ],
        ["h=unchecked (the offer was not seen)"],
    ]


@pytest.mark.parametrize(
    ("legs", "said", "warnings"),
    [
        ({}, "t=0304 (TLS 1.3; unchecked, no TLS was seen)", []),
        ({Side.CLIENT: "TLSv1.3", Side.SERVER: "TLSv1.3"}, "t=0304 (TLS 1.3, as it is with the server)", []),
        ({Side.SERVER: "TLSv1.3"}, "t=0304 (TLS 1.3, as it is with the server)", []),
        (
            {Side.CLIENT: "TLSv1.2", Side.SERVER: "TLSv1.3"},
            "t=0304 (TLS 1.3, as it is with the server)",
            ["the server says TLS 1.3, towards the client it is TLS 1.2: the client has to fail (XEP-0515)"],
        ),
        (
            {Side.CLIENT: "TLSv1.3", Side.SERVER: "TLSv1.2"},
            "t=0304 (TLS 1.3)",
            ["the server says TLS 1.3, towards the server it is TLS 1.2 (XEP-0515)"],
        ),
        ({Side.CLIENT: "odd"}, "t=0304 (TLS 1.3; unchecked, no TLS was seen)", []),
    ],
)  # fmt: skip
def test_the_tls_version_is_checked(legs: dict[Side, str], said: str, warnings: list[str]) -> None:
    """`t` is compared with the legs: xmppspy may have other versions towards the two peers."""
    login = Login()
    for leg, version in legs.items():
        login.tls(leg, version)
    login.auth("SCRAM-SHA-1", FIRST)
    step = login.challenge(server_first("t=0304"))

    assert [str(each) for each in step.fields if each.name == "t"] == [said]
    assert list(step.warnings) == warnings


def test_an_unknown_tls_version_is_shown() -> None:
    """A value that is no version is said as it is."""
    login = Login()
    login.tls(Side.CLIENT, "TLSv1.3")
    login.auth("SCRAM-SHA-1", FIRST)
    step = login.challenge(server_first("t=9999"))

    assert step.value("t") == "9999"
    assert step.warnings == (
        (
            "the server says an unknown version of TLS, towards the client it is TLS 1.3: "
            "the client has to fail (XEP-0515)"
        ),
    )


# --- without the beginning


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (f"<challenge {{}}>{base64(server_first())}</challenge>", "salt=16 B i=4096"),
        (f"<response {{}}>{base64('c=biws,r=x,p=cA==')}</response>", "proof=•••"),
        (f"<success {{}}>{base64('v=cA==')}</success>", "signature=•••"),
    ],
)
def test_messages_are_recognised_without_the_beginning(xml: str, text: str) -> None:
    """A capture may begin in the middle of a login."""
    step = alone(xml.format("xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"))

    assert (step.mechanism, step.text) == ("", text)


def test_other_messages_do_not_look_like_scram() -> None:
    """Digests, errors in JSON and text are no SCRAM."""
    texts = ("realm=x,nonce=y", '{"status":"401"}', "r=x", "c=biws", "v=1,x", "")

    assert [text for text in texts if looks_like_scram(text)] == []
