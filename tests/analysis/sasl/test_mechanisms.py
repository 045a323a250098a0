import pytest

from tests.analysis.sasl.logins import SASL, SASL2, Login, alone, auth, base64

SECRET = "c0rrecthorse"
NUL = "\0"


@pytest.mark.parametrize(
    ("mechanism", "payload", "message", "text"),
    [
        ("PLAIN", f"\0juliet\0{SECRET}", "credentials", "user=juliet password=•••"),
        ("PLAIN", f"nurse\0juliet\0{SECRET}", "credentials", "authzid=nurse user=juliet password=•••"),
        ("PLAIN", "\0juliet\0", "credentials", "user=juliet password=empty"),
        ("PLAIN", "\0juliet\0************", "credentials", "user=juliet password=masked"),
        ("PLAIN", f"\0\0{SECRET}", "credentials", "password=•••; warning: there is no user (RFC 4616 §2)"),
        ("X-OAUTH2", f"\0juliet\0{SECRET}", "credentials", "user=juliet token=•••"),
        ("EXTERNAL", "juliet@capulet.example", "identity", "authzid=juliet@capulet.example"),
        ("ANONYMOUS", "a trace", "trace", "trace=a trace"),
        ("GSSAPI", SECRET, "data", "data=12 B"),
        ("X-OWN", SECRET, "data", "data=12 B"),
        ("HT-SHA-256-NONE", f"juliet\0{SECRET}", "initiator-message", "user=juliet binding=none (not bound to the TLS channel) proof=•••"),
        ("HT-SHA-256-EXPR", "juliet\0****", "initiator-message", "user=juliet binding=tls-exporter proof=masked"),
        ("HT-SHA-256-ENDP", f"juliet\0{SECRET}", "initiator-message", "user=juliet binding=tls-server-end-point proof=•••"),
        ("HT-SHA-512-UNIQ", f"juliet\0{SECRET}", "initiator-message", "user=juliet binding=tls-unique proof=•••"),
        ("HT-SHA-256-NONE", SECRET, "data", "data=12 B; warning: there is no user before the hash of the token (XEP-0484)"),
    ],
)  # fmt: skip
def test_first_messages(mechanism: str, payload: str, message: str, text: str) -> None:
    """Each mechanism says who and how, never the secret."""
    step = auth(mechanism, payload)

    assert (step.message, step.text) == (message, f"{mechanism} {text}")
    assert SECRET not in repr(step)
    assert step.masked == ("**" in payload)


@pytest.mark.parametrize("payload", [SECRET, f"juliet\0{SECRET}", f"\0juliet\0{SECRET}\0{SECRET}"])
def test_of_a_malformed_plain_message_nothing_is_shown(payload: str) -> None:
    """Where the password stands is not known, so any part may be it (RFC 4616)."""
    step = auth("PLAIN", payload)

    assert SECRET not in repr(step)
    assert step.warnings == ("not three parts: authzid, user and password (RFC 4616 §2)",)


def test_an_empty_identity_is_that_of_the_certificate() -> None:
    """`=` in EXTERNAL (XEP-0178)."""
    step = alone(f"<auth {SASL} mechanism='EXTERNAL'>=</auth>")

    assert step.text == "EXTERNAL authzid=empty (as the certificate says)"


def test_bearer_tokens() -> None:
    """OAUTHBEARER: who, where, and the server's complaint (RFC 7628)."""
    pairs = f"host=capulet.example\x01port=5222\x01auth=Bearer {SECRET}\x01\x01"
    login = Login()
    first = login.auth("OAUTHBEARER", f"n,a=juliet@capulet.example,\x01{pairs}")
    refused = login.challenge('{"status": "invalid_token", "scope": "xmpp"}')
    acknowledged = login.response("\x01")

    assert first.text == (
        "OAUTHBEARER authzid=juliet@capulet.example gs2=n (the client cannot bind to the TLS channel)"
        " host=capulet.example port=5222 auth=Bearer token=•••"
    )
    assert (refused.message, refused.text) == ("error", "status=invalid_token")
    assert (acknowledged.message, acknowledged.text) == ("acknowledgement", "")


@pytest.mark.parametrize(
    ("payload", "warning"),
    [
        (f"{SECRET}\x01", "there is no gs2 header (RFC 7628 §3.1)"),
        (f"n,,\x01{SECRET}\x01\x01", "there is no token (RFC 7628 §3.1)"),
        (f"n,,\x01auth={SECRET}\x01\x01", "there is no token (RFC 7628 §3.1)"),
    ],
)
def test_malformed_bearer_messages(payload: str, warning: str) -> None:
    """What cannot be told apart is not shown."""
    step = auth("OAUTHBEARER", payload)

    assert step.warnings == (warning,)
    assert SECRET not in repr(step)


def test_a_masked_bearer_token() -> None:
    """The rest of the message is still there."""
    step = auth("OAUTHBEARER", "n,,\x01host=h\x01auth=Bearer ********\x01\x01")

    assert (step.value("host"), step.value("token"), step.masked) == ("h", "masked", True)


def test_digests() -> None:
    """DIGEST-MD5: realm, user, quality of protection; the response is hidden (RFC 2831)."""
    login = Login()
    begun = login.client(f"<auth {SASL} mechanism='DIGEST-MD5'/>")
    asked = login.challenge(
        'realm="a, \\"b\\"",nonce="OA6",qop="auth",charset=utf-8,algorithm=md5-sess\n'
    )
    answered = login.response(
        f'username="juliet",realm="a",nonce="OA6",nc=00000001,qop=auth-int,response={SECRET},authzid="x"'
    )
    proven = login.challenge(f"rspauth={SECRET}")

    assert begun.text == "DIGEST-MD5"
    assert (asked.message, asked.text) == (
        "digest-challenge", 'realm=a, \\"b\\" qop=auth algorithm=md5-sess',
    )  # fmt: skip
    assert (answered.message, answered.text) == (
        "digest-response",
        (
            "user=juliet authzid=x realm=a qop=auth-int response=•••; warning: a security layer follows: "
            "what comes after the login is not readable"
        ),
    )
    assert (proven.message, proven.text) == ("response-auth", "rspauth=•••")


def test_challenges_and_responses_of_cram() -> None:
    """CRAM-MD5: the user and a digest (RFC 2195)."""
    login = Login()
    login.client(f"<auth {SASL} mechanism='CRAM-MD5'/>")
    asked = login.challenge("<1896.697170952@capulet.example>")
    answered = login.response(f"ju liet {SECRET}")
    odd = login.response(SECRET)

    assert (asked.message, asked.text) == ("challenge", "challenge=32 B")
    assert (answered.message, answered.text) == ("response", "user=ju liet digest=•••")
    assert (odd.message, odd.text) == ("data", "data=12 B")


def test_the_answer_to_a_hashed_token_is_a_secret() -> None:
    """The server proves that it knows the token, too (XEP-0484)."""
    login = Login()
    login.client(
        f"<authenticate {SASL2} mechanism='HT-SHA-256-NONE'><initial-response>"
        f"{base64(f'juliet{NUL}{SECRET}')}</initial-response></authenticate>"
    )
    step = login.server(
        f"<success {SASL2}><additional-data>{base64(SECRET)}</additional-data></success>"
    )

    assert (step.message, step.text) == ("responder-message", "proof=•••")


def test_a_response_begins_where_the_first_message_was_empty() -> None:
    """Without an initial response the server asks for it with an empty challenge."""
    login = Login()
    login.client(f"<auth {SASL} mechanism='PLAIN'/>")
    asked = login.server(f"<challenge {SASL}>=</challenge>")
    answered = login.response(f"\0juliet\0{SECRET}")

    assert (asked.message, asked.text) == ("empty", "")
    assert answered.text == "user=juliet password=•••"


def test_without_the_beginning_digests_are_recognised_and_the_rest_counted() -> None:
    """What a message is not known to be is not shown."""
    digest = alone(f"<response {SASL}>{base64('username=x,response=' + SECRET)}</response>")
    other = alone(f"<response {SASL}>{base64(f'{NUL}juliet{NUL}{SECRET}')}</response>")

    assert digest.text == "user=x response=•••"
    assert (other.message, other.text) == ("data", "data=20 B")
