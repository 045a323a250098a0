import pytest

from tests.analysis.contents.reading import root
from xmppspy.analysis.contents import binaries as module
from xmppspy.analysis.contents.binaries import binaries

PNG = "iVBORw0KGgoAAAANSUhEUgAAAGAAAABA"


def test_block_of_in_band_data_is_opened() -> None:
    """With its number."""
    xml = "<iq><data xmlns='http://jabber.org/protocol/ibb' seq='3' sid='x'>aGVs\n bG8=</data></iq>"
    (block,) = binaries(root(xml))

    assert block.title == "in-band data, block 3"
    assert block.rows == (("size", "5 B"),)
    assert block.data == b"hello"


def test_avatar_is_told_by_type_and_size() -> None:
    """What it is said to be, and what it is."""
    xml = f"<iq><vCard xmlns='vcard-temp'><PHOTO><TYPE>image/jpeg</TYPE><BINVAL>{PNG}</BINVAL></PHOTO></vCard></iq>"
    (photo,) = binaries(root(xml))

    assert photo.title == "photo"
    assert photo.rows == (
        ("said to be", "image/jpeg"),
        ("is", "PNG, 96 × 64 pixels"),
        ("size", "24 B"),
    )


def test_bits_of_binary_say_their_type() -> None:
    """Beside their address."""
    xml = "<iq><data xmlns='urn:xmpp:bob' cid='sha1+1@bob.xmpp.org' type='text/plain'>aGk=</data></iq>"
    (bits,) = binaries(root(xml))

    assert bits.title == "bits of binary sha1+1@bob.xmpp.org"
    assert bits.rows[0] == ("said to be", "text/plain")


def test_what_is_no_base64_is_told() -> None:
    """As a warning."""
    (broken,) = binaries(root("<iq><data xmlns='urn:xmpp:avatar:data'>aGk</data></iq>"))

    assert broken.warnings == ("this is no base64",)
    assert broken.data == b""


def test_empty_carriers_carry_nothing() -> None:
    """Nor do requests for them."""
    assert list(binaries(root("<iq><data xmlns='urn:xmpp:avatar:data'/></iq>"))) == []
    assert list(binaries(root("<iq><data xmlns='urn:other'>aGk=</data></iq>"))) == []


def test_very_long_data_is_opened_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is that of the whole."""
    monkeypatch.setattr(module, "MAX_DECODED", 8)
    (data,) = binaries(root(f"<iq><data xmlns='urn:xmpp:avatar:data'>{'QUJD' * 10}</data></iq>"))

    assert data.data == b"ABCABC"
    assert data.rows == (("size", "30 B"),)
