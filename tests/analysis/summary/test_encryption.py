import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'>"
                "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='27'>"
                "<key rid='1' prekey='true'>AAAA</key><key rid='2'>AAAA</key><iv>AAAA"
                "</iv></header><payload>QUJDREVGRw==</payload></encrypted>"
                "<encryption xmlns='urn:xmpp:eme:0' name='OMEMO' "
                "namespace='eu.siacs.conversations.axolotl'/><body>"
                "I sent you an OMEMO message</body></message>"
            ),
            ("OMEMO message (2 devices, 7 B) from device 27 [encrypted: OMEMO, fallback body]"),
        ),
        (
            (
                "<message type='chat'><encrypted xmlns='urn:xmpp:omemo:2'>"
                "<header sid='27'><keys jid='romeo@example.net'><key rid='1'>AAAA"
                "</key></keys></header></encrypted></message>"
            ),
            "OMEMO key exchange (1 device) from device 27",
        ),
        (
            "<message type='chat'><encrypted xmlns='urn:xmpp:omemo:2'/></message>",
            "OMEMO key exchange (0 devices)",
        ),
    ],
)
def test_omemo(xml: str, summary: str) -> None:
    """Both kinds: for how many devices, how much, from which one."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'><openpgp xmlns='urn:xmpp:openpgp:0'>"
                "QUJDREVGRw==</openpgp>"
                "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:openpgp:0'/>"
                "</message>"
            ),
            "OpenPGP message (7 B) [encrypted: OpenPGP]",
        ),
        (
            (
                "<message type='chat'><x xmlns='jabber:x:encrypted'>QUJDREVGRw==</x>"
                "<body>This is encrypted</body></message>"
            ),
            "OpenPGP message, legacy (7 B) [fallback body]",
        ),
        (
            (
                "<message type='chat'><body>?OTR:AAMDxyz.</body>"
                "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>"
                "</message>"
            ),
            "OTR message (13 chars) [encrypted: OTR]",
        ),
        (
            (
                "<message type='chat'>"
                "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:example:rot13'/>"
                "<body>Uv</body></message>"
            ),
            '"Uv" (2 chars) [encrypted: urn:example:rot13]',
        ),
        (
            "<presence><x xmlns='jabber:x:signed'>QUJD</x></presence>",
            "available [signed]",
        ),
    ],
)
def test_other_encryption(xml: str, summary: str) -> None:
    """Recognised, never opened."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<items node='eu.siacs.conversations.axolotl.devicelist'>"
                "<item id='current'><list xmlns='eu.siacs.conversations.axolotl'>"
                "<device id='31415'/></list></item></items></event></message>"
            ),
            "event eu.siacs.conversations.axolotl.devicelist: OMEMO devices [31415]",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='urn:xmpp:omemo:2:bundles'><item id='31415'>"
                "<bundle xmlns='urn:xmpp:omemo:2'><prekeys><pk id='0'>A</pk>"
                "<pk id='1'>B</pk></prekeys></bundle></item></publish></pubsub></iq>"
            ),
            "pubsub publish omemo:2:bundles OMEMO bundle (2 prekeys) item=31415",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='urn:xmpp:openpgp:0:public-keys'><item>"
                "<public-keys-list xmlns='urn:xmpp:openpgp:0'>"
                "<pubkey-metadata "
                "v4-fingerprint='1357B01865B2503C18453D208CAC2A9678548E35'/>"
                "</public-keys-list></item></publish></pubsub></iq>"
            ),
            "pubsub publish openpgp:0:public-keys OpenPGP keys [8CAC2A9678548E35]",
        ),
    ],
)
def test_published_keys(xml: str, summary: str) -> None:
    """Devices, prekeys, fingerprints."""
    assert got(xml) == summary
