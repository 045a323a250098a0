import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.sasl.logins import base64
from xmppspy.analysis.sasl.payloads import MAX_PAYLOAD, Payload, opened


@pytest.mark.parametrize(
    ("text", "sasl", "sasl2"),
    [
        (None, Payload("absent"), Payload("absent")),
        ("", Payload("absent"), Payload("present")),
        (" \n", Payload("absent"), Payload("present")),
        ("=", Payload("present"), Payload("present")),
        ("AGE=", Payload("present", b"\0a"), Payload("present", b"\0a")),
        (" AG\r\n\tE= ", Payload("present", b"\0a"), Payload("present", b"\0a")),
        ("****", Payload("masked"), Payload("masked")),
        ("AG*=", Payload("unreadable"), Payload("unreadable")),
        ("AGE", Payload("unreadable"), Payload("unreadable")),
        ("é", Payload("unreadable"), Payload("unreadable")),
    ],
)
def test_payloads_are_opened(text: str | None, sasl: Payload, sasl2: Payload) -> None:
    """SASL tells an empty payload from none by `=`, SASL2 by the element."""
    assert opened(text, sasl2=False) == sasl
    assert opened(text, sasl2=True) == sasl2


def test_huge_payloads_stay_closed() -> None:
    """What no login needs is not decoded."""
    fits = "A" * MAX_PAYLOAD

    assert opened(fits, sasl2=False).state == "present"
    assert opened(fits + "AAAA", sasl2=False) == Payload("too large")


@given(st.binary(min_size=1, max_size=100), st.text(max_size=20))
def test_nothing_that_is_carried_fails(data: bytes, odd: str) -> None:
    """Base64 gives the bytes back, any other text a state."""
    assert opened(base64(data), sasl2=True) == Payload("present", data)
    assert isinstance(opened(odd, sasl2=False).text, str)
