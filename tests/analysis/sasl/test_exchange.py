import pytest

from xmppspy.analysis.sasl.exchange import Exchange, Gs2, gs2, saslname, say_header
from xmppspy.analysis.sasl.offers import Offer
from xmppspy.analysis.sasl.steps import Field, Reading, SaslStep
from xmppspy.protocol.events import Side


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n,,n=u,r=x", Gs2("n,,", "n", None, "", "n=u,r=x")),
        ("y,a=a=2Cb=3Dc,", Gs2("y,a=a=2Cb=3Dc,", "y", None, "a,b=c", "")),
        ("p=tls-exporter,,rest", Gs2("p=tls-exporter,,", "p=tls-exporter", "tls-exporter", "", "rest")),
        ("n,", None), ("", None), ("x,,", None), ("p=,,", None), ("n=user,r=x", None),
    ],
)  # fmt: skip
def test_gs2_headers_are_taken_apart(text: str, expected: Gs2 | None) -> None:
    """Flag, channel-binding type, authorization identity, and what follows (RFC 5801 §4)."""
    assert gs2(text) == expected


def test_names_lose_their_escapes() -> None:
    """Comma and equals sign are escaped in SCRAM (RFC 5802 §5.1)."""
    assert saslname("a=2Cb=3D2C") == "a,b=2C"


def said(text: str, exchange: Exchange) -> SaslStep:
    """What is said of a header."""
    header, reading = gs2(text), Reading()
    assert header is not None
    say_header(reading, header, exchange)
    return reading.step("auth", exchange.mechanism)


@pytest.mark.parametrize(
    ("mechanism", "text", "meaning"),
    [
        ("SCRAM-SHA-1", "n,,", "the client cannot bind to the TLS channel"),
        ("SCRAM-SHA-1", "y,,", "the client can bind to the TLS channel, and believes that the server cannot"),
        ("SCRAM-SHA-1-PLUS", "p=tls-exporter,,", "bound to the TLS channel"),
    ],
)  # fmt: skip
def test_the_flag_is_said_in_words(mechanism: str, text: str, meaning: str) -> None:
    """`n`, `y` and `p=` (RFC 5802 §6)."""
    exchange = Exchange(mechanism)
    step = said(text, exchange)

    assert step.fields == (Field("gs2", text[:-2], meaning),)
    assert step.warnings == ()
    assert exchange.header == text


@pytest.mark.parametrize(
    ("text", "exchange", "warning"),
    [
        ("n,,", Exchange("SCRAM-SHA-1-PLUS"), "only a mechanism with -PLUS binds"),
        ("p=tls-exporter,,", Exchange("SCRAM-SHA-1"), "only a mechanism with -PLUS binds"),
        ("y,,", Exchange("SCRAM-SHA-1", Offer(("SCRAM-SHA-1-PLUS",))), "has to refuse gs2=y"),
        (
            "p=tls-unique,,",
            Exchange("SCRAM-SHA-1-PLUS", versions={Side.CLIENT: "0304"}),
            "tls-unique is not defined for TLS 1.3",
        ),
    ],
)
def test_what_cannot_be_is_warned_of(text: str, exchange: Exchange, warning: str) -> None:
    """Flags that contradict the mechanism, the offer or the TLS version."""
    step = said(text, exchange)

    assert len(step.warnings) == 1
    assert warning in step.warnings[0]
