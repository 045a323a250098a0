import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<open xmlns='http://jabber.org/protocol/ibb' block-size='4096' "
                "sid='i1' stanza='iq'/></iq>"
            ),
            "ibb open i1 blocks of 4096 B iq",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<data xmlns='http://jabber.org/protocol/ibb' seq='12' sid='i1'>"
                "QUJDREVGRw==</data></iq>"
            ),
            "ibb data #12 7 B i1",
        ),
        (
            (
                "<message type='normal'>"
                "<data xmlns='http://jabber.org/protocol/ibb' seq='13' sid='i1'>"
                "QUJD\nREVG</data></message>"
            ),
            "ibb data #13 6 B i1",
        ),
        (
            ("<iq type='set' id='1'><close xmlns='http://jabber.org/protocol/ibb' sid='i1'/></iq>"),
            "ibb close i1",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/bytestreams' sid='v1'>"
                "<streamhost jid='juliet@example.org/phone' host='192.0.2.1' "
                "port='5086'/></query></iq>"
            ),
            "s5b hosts 192.0.2.1:5086 v1",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/bytestreams'>"
                "<streamhost-used jid='juliet@example.org/phone'/></query></iq>"
            ),
            "s5b uses me/phone",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/bytestreams' sid='v1'>"
                "<activate>romeo@example.net/x</activate></query></iq>"
            ),
            "s5b activate for romeo@example.net/x v1",
        ),
        (
            ("<iq type='get' id='1'><query xmlns='http://jabber.org/protocol/bytestreams'/></iq>"),
            "s5b hosts?",
        ),
    ],
)
def test_bytestreams(xml: str, summary: str) -> None:
    """In-band ones with the decoded size."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'>"
                "<request xmlns='urn:xmpp:http:upload:0' filename='cat photo.jpg' "
                "size='23456' content-type='image/jpeg'/></iq>"
            ),
            'upload slot for "cat photo.jpg" 23 kB image/jpeg',
        ),
        (
            (
                "<iq type='get' id='1'><request xmlns='urn:xmpp:http:upload'>"
                "<filename>cat.jpg</filename><size>10</size></request></iq>"
            ),
            'upload slot for "cat.jpg" 10 B',
        ),
        (
            (
                "<iq type='result' id='1'><slot xmlns='urn:xmpp:http:upload:0'>"
                "<put url='https://up.example.org/4a77/cat.jpg?k=s3cret'>"
                "<header name='Authorization'>Basic s3cret</header></put>"
                "<get url='https://dl.example.org/4a77/cat.jpg'/></slot></iq>"
            ),
            "upload slot PUT up.example.org/…/cat.jpg, GET dl.example.org/…/cat.jpg",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<slot xmlns='eu:siacs:conversations:http:upload'><put>"
                "https://up.example.org/4a77/cat.jpg</put></slot></iq>"
            ),
            "upload slot PUT up.example.org/…/cat.jpg",
        ),
        (
            "<iq type='result' id='1'><slot xmlns='urn:xmpp:http:upload:0'/></iq>",
            "upload slot (empty)",
        ),
    ],
)
def test_uploads(xml: str, summary: str) -> None:
    """Name and size, and where it goes; no header, no whole address."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<si xmlns='http://jabber.org/protocol/si' id='a'>"
                "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' "
                "name='t.txt' size='1022'/></si></iq>"
            ),
            'stream initiation file "t.txt" 1,022 B',
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<si xmlns='http://jabber.org/protocol/si' id='a'>"
                "<feature xmlns='http://jabber.org/protocol/feature-neg'/></si></iq>"
            ),
            "stream initiation accepted a",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<data xmlns='urn:xmpp:bob' cid='sha1+8f35@bob.xmpp.org'/></iq>"
            ),
            "bits ? sha1+8f35@bob.xmpp.org",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<data xmlns='urn:xmpp:bob' cid='sha1+8f35@bob.xmpp.org' "
                "type='image/png' max-age='86400'>QUJDREVG</data></iq>"
            ),
            "bits image/png 6 B sha1+8f35@bob.xmpp.org keep 1d",
        ),
        (
            (
                "<message type='chat'><file-sharing xmlns='urn:xmpp:sfs:0'>"
                "<file xmlns='urn:xmpp:file:metadata:0'><media-type>image/jpeg"
                "</media-type><name>summit.jpg</name><size>3032449</size></file>"
                "<sources>"
                "<url-data xmlns='http://jabber.org/protocol/url-data' "
                "target='https://example.org/s3cret'/></sources></file-sharing>"
                "</message>"
            ),
            'file "summit.jpg" image/jpeg 3.0 MB 1 source',
        ),
    ],
)
def test_files(xml: str, summary: str) -> None:
    """Offers, bits, shared ones."""
    assert got(xml) == summary
