import pytest

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.replay.offer import BIND, BIND2, Offer

TLS = f"<starttls xmlns='{ns.TLS}'><required/></starttls>"


def _features(*content: str) -> bytes:
    return f"<stream:features>{''.join(content)}</stream:features>".encode()


def _mechanisms(*names: str) -> str:
    listed = "".join(f"<mechanism>{name}</mechanism>" for name in names)
    return f"<mechanisms xmlns='{ns.SASL}'>{listed}</mechanisms>"


def test_mechanisms_are_those_that_were_recorded_and_are_possible() -> None:
    """In the recorded order; what is left out is told."""
    offer = Offer(with_passwords=True)
    recorded = _features(_mechanisms("SCRAM-SHA-1-PLUS", "PLAIN", "SCRAM-SHA-1", "X-OAUTH2"))

    assert offer.before_login(recorded, DEFAULT_CONTEXT) == _features(
        _mechanisms("PLAIN", "SCRAM-SHA-1")
    )
    assert list(offer.left_out) == ["SCRAM-SHA-1-PLUS", "X-OAUTH2"]


@pytest.mark.parametrize(
    ("recorded", "offered"),
    [(("SCRAM-SHA-1",), ("PLAIN",)), (("SCRAM-SHA-1", "ANONYMOUS"), ("PLAIN", "ANONYMOUS"))],
)
def test_without_passwords_only_names_are_taken(
    recorded: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    """SCRAM would need the password; ANONYMOUS is offered where it was."""
    offer = Offer(with_passwords=False)

    assert offer.before_login(_features(_mechanisms(*recorded)), DEFAULT_CONTEXT) == _features(
        _mechanisms(*offered)
    )


def test_some_mechanism_is_offered_always() -> None:
    """Where nothing that was recorded is possible, what is possible is offered."""
    offer = Offer(with_passwords=True)
    features = offer.before_login(_features(_mechanisms("EXTERNAL")), DEFAULT_CONTEXT)

    assert b"<mechanism>SCRAM-SHA-256</mechanism>" in features
    assert b"ANONYMOUS" not in features


def test_promises_that_cannot_be_kept_are_left_out() -> None:
    """Compression, channel binding and registration go; the rest stays, to the byte."""
    compression = f"<compression xmlns='{ns.COMPRESS_FEATURE}'><method>zlib</method></compression>"
    binding = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'/>"
    register = "<register xmlns='http://jabber.org/features/iq-register'/>"
    kept = f"<bind xmlns=\"{BIND}\" /><c xmlns='http://jabber.org/protocol/caps' ver='x'/>"
    offer = Offer(with_passwords=True)

    assert offer.after_login(_features(compression, kept, binding, register), DEFAULT_CONTEXT) == (
        _features(kept)
    )
    assert list(offer.left_out) == ["compression", "channel binding", "registration"]


def test_starttls_is_offered_in_the_clear_only() -> None:
    """It is put in where it was not recorded, and taken out inside TLS."""
    offer = Offer(with_passwords=True)
    plain = _features(_mechanisms("PLAIN"))
    clear = offer.in_the_clear(plain, DEFAULT_CONTEXT)

    assert ns.TLS.encode() in clear
    assert offer.in_the_clear(_features(TLS), DEFAULT_CONTEXT) == _features(TLS)
    assert offer.before_login(_features(TLS, _mechanisms("PLAIN")), DEFAULT_CONTEXT) == plain


def test_nothing_recorded() -> None:
    """Then there are features of our own."""
    offer = Offer(with_passwords=True)

    assert ns.TLS.encode() in offer.in_the_clear(None, DEFAULT_CONTEXT)
    assert b"<mechanism>PLAIN</mechanism>" in offer.before_login(None, DEFAULT_CONTEXT)
    assert BIND.encode() in offer.after_login(None, DEFAULT_CONTEXT)


def test_inline_features_of_sasl2() -> None:
    """Bind 2 and resumption are done; tokens are not."""
    bind = f"<bind xmlns='{BIND2}'><inline><feature var='{ns.SM}'/></inline></bind>"
    resume = f"<sm xmlns='{ns.SM}'/>"
    fast = "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast>"
    recorded = (
        f"<authentication xmlns='{ns.SASL2}'><mechanism>SCRAM-SHA-1</mechanism>"
        f"<mechanism>SCRAM-SHA-1-PLUS</mechanism><inline>{bind}{fast}{resume}</inline>"
        "</authentication>"
    )
    offer = Offer(with_passwords=True)

    assert offer.before_login(_features(recorded), DEFAULT_CONTEXT) == _features(
        f"<authentication xmlns='{ns.SASL2}'><mechanism>SCRAM-SHA-1</mechanism>"
        f"<inline>{bind}{resume}</inline></authentication>"
    )
    assert "tokens (FAST) and the like" in offer.left_out
