import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.sasl.logins import SASL, SASL2, Login, alone, auth, base64
from tests.analysis.scenes import Scene
from xmppspy.analysis.sasl.elements import step
from xmppspy.analysis.sasl.exchange import Exchange

FIRST = "n,,n=juliet,r=CLIENTNONCE"


@pytest.mark.parametrize(
    "xml", ["<auth/>", f"<features {SASL}/>", "<message/>", f"<starttls {SASL}/>", " "]
)
def test_other_elements_are_not_opened(xml: str) -> None:
    """Only those of SASL and SASL2 that a login consists of."""
    assert step(Scene().client(xml), Exchange()) is None


def test_sasl2_carries_the_same_messages() -> None:
    """In elements of their own, beside the client's name and the identity that was granted."""
    login = Login()
    first = login.client(
        f"<authenticate {SASL2} mechanism='SCRAM-SHA-1'><!-- --><initial-response>{base64(FIRST)}"
        "</initial-response><user-agent id='1'><software>Spy</software><device>phone</device>"
        "</user-agent></authenticate>"
    )
    second = login.server(
        f"<challenge {SASL2}>{base64('r=CLIENTNONCEx,s=c2FsdA==,i=10000')}</challenge>"
    )
    third = login.client(f"<response {SASL2}>{base64('c=biws,r=CLIENTNONCEx,p=cA==')}</response>")
    last = login.server(
        f"<success {SASL2}><additional-data>{base64('v=cA==')}</additional-data>"
        "<authorization-identifier>juliet@capulet.example</authorization-identifier></success>"
    )

    assert first.text == (
        "SCRAM-SHA-1 user=juliet gs2=n (the client cannot bind to the TLS channel) agent=Spy on phone"
    )
    assert second.text == "nonce=ok (begins with the client's) salt=4 B i=10000"
    assert third.text == "proof=•••"
    assert last.text == "as=juliet@capulet.example signature=•••"


def test_an_agent_may_tell_little() -> None:
    """Software and device are optional (XEP-0388)."""
    start = f"<authenticate {SASL2} mechanism='PLAIN'>"

    assert alone(f"{start}<user-agent/></authenticate>").value("agent") is None
    assert (
        alone(f"{start}<user-agent><device>tv</device></user-agent></authenticate>").value("agent")
        == "tv"
    )


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (
            f"<failure {SASL}><not-authorized/><text xml:lang='en'>No.</text></failure>",
            "condition=not-authorized (wrong user, password or token) text=No.",
        ),
        (
            f"<failure {SASL2}><aborted {SASL}/><x xmlns='urn:mine'/><text>Bye</text></failure>",
            "condition=aborted (the client gave up) application=x text=Bye",
        ),
        (f"<failure {SASL}><own-condition/></failure>", "condition=own-condition"),
        (f"<failure {SASL}/>", ""),
        (f"<abort {SASL}/>", ""),
    ],
)
def test_ends_that_are_not_happy(xml: str, text: str) -> None:
    """The condition, what it means, what the server says besides."""
    assert alone(xml).text == text


def test_tasks_are_named_and_their_data_hidden() -> None:
    """Further factors and upgrades (XEP-0388 §2.6.4, XEP-0480)."""
    upgrade = "xmlns='urn:xmpp:scram-upgrade:0'"
    login = Login()
    login.client(
        f"<authenticate {SASL2} mechanism='SCRAM-SHA-1'><initial-response>{base64(FIRST)}"
        "</initial-response></authenticate>"
    )
    steps = [
        login.server(
            f"<continue {SASL2}><additional-data>{base64('v=cA==')}</additional-data>"
            "<tasks><task>UPGR-SCRAM-SHA-256</task><task>TOTP</task></tasks></continue>"
        ),
        login.client(f"<next {SASL2} task='UPGR-SCRAM-SHA-256'/>"),
        login.server(
            f"<task-data {SASL2}><salt {upgrade} iterations='4096'>c2E=</salt></task-data>"
        ),
        login.client(f"<task-data {SASL2}><hash {upgrade}>c2VjcmV0</hash></task-data>"),
        login.client(f"<next {SASL2} task='TOTP'><totp xmlns='urn:x'>123456</totp></next>"),
        login.client(f"<task-data {SASL2}><hash {upgrade}>********</hash></task-data>"),
    ]

    assert [each.text for each in steps] == [
        "signature=••• tasks=UPGR-SCRAM-SHA-256,TOTP",
        "task=UPGR-SCRAM-SHA-256", "i=4096", "hash=•••", "task=TOTP data=•••", "hash=masked",
    ]  # fmt: skip
    assert [each.masked for each in steps] == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("****", "PLAIN payload=masked"),
        ("not base64", "PLAIN; warning: the payload is not base64 (RFC 6120 §13.9.1)"),
        ("A" * 20_000, "PLAIN payload=more than 16,384 characters, not opened"),
        ("", "PLAIN"),
    ],
)
def test_payloads_that_cannot_be_read(text: str, said: str) -> None:
    """They are said to be what they are, and not shown."""
    step = alone(f"<auth {SASL} mechanism='PLAIN'>{text}</auth>")

    assert step.text == said
    assert step.masked == (text == "****")


def test_a_mechanism_may_be_missing() -> None:
    """The attribute is a peer's."""
    assert alone(f"<auth {SASL}>{base64('x')}</auth>").text == "data=1 B"
    assert len(alone(f"<auth {SASL} mechanism='{'X' * 5000}'/>").mechanism) == 100


_mechanisms = st.sampled_from(
    ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "OAUTHBEARER", "X-OAUTH2", "EXTERNAL", "ANONYMOUS",
     "DIGEST-MD5", "CRAM-MD5", "HT-SHA-256-NONE", "GSSAPI", ""]
)  # fmt: skip
_payloads = st.binary(max_size=60) | st.lists(
    st.sampled_from(
        ["n,,", "p=tls-exporter,", "n=u", "r=", "s=", "i=1", "c=", "v=", "e=", "m=", "h=", "t=", ",", "=",
         "\0", "\x01", "auth=Bearer ", "{", '"status":"', "username=", "rspauth=", "<", ">", "*", " "]
    )
).map(lambda pieces: "".join(pieces).encode())  # fmt: skip


@given(_mechanisms, st.lists(st.tuples(st.sampled_from("crs"), _payloads), max_size=4))
def test_no_payload_makes_it_fail(mechanism: str, rest: list[tuple[str, bytes]]) -> None:
    """Whatever is sent in whatever order, there is a line about it."""
    login = Login()
    login.offers("SCRAM-SHA-1", mechanism)
    assert auth(mechanism, b"x").text.isprintable()
    login.auth(mechanism, rest[0][1] if rest else b"")
    said = {"c": login.challenge, "r": login.response, "s": login.success}
    texts = [said[which](payload).text for which, payload in rest]

    assert all(text.isprintable() for text in texts)
