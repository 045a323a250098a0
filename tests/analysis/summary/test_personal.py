import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='get' id='1'><vCard xmlns='vcard-temp'/></iq>",
            "vcard",
        ),
        (
            (
                "<iq type='result' id='1'><vCard xmlns='vcard-temp'><FN>Juliet</FN>"
                "<PHOTO><TYPE>image/png</TYPE><BINVAL>QUJDREVGRw==</BINVAL></PHOTO>"
                "</vCard></iq>"
            ),
            'vcard "Juliet" (2 fields) photo image/png 7 B',
        ),
        (
            (
                "<iq type='result' id='1'><vCard xmlns='vcard-temp'><PHOTO><EXTVAL>"
                "https://example.org/a/me.png</EXTVAL></PHOTO></vCard></iq>"
            ),
            "vcard (1 field) photo at example.org/…/me.png",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Juliet"
                "</text></fn></vcard></iq>"
            ),
            'vcard4 "Juliet" (1 field)',
        ),
    ],
)
def test_vcards(xml: str, summary: str) -> None:
    """Whose, how much, and the photo."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            ("<presence><x xmlns='vcard-temp:x:update'><photo>a31c4bd0e1f2</photo></x></presence>"),
            "available [avatar=a31c4bd0…]",
        ),
        (
            "<presence><x xmlns='vcard-temp:x:update'><photo/></x></presence>",
            "available [no avatar]",
        ),
        (
            "<presence><x xmlns='vcard-temp:x:update'/></presence>",
            "available [avatar not ready]",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<items node='urn:xmpp:avatar:metadata'><item id='a31c'>"
                "<metadata xmlns='urn:xmpp:avatar:metadata'>"
                "<info bytes='12345' type='image/png' width='64' height='64' "
                "id='a31c'/></metadata></item></items></event></message>"
            ),
            "event avatar:metadata: avatar image/png 12 kB 64×64 item=a31c",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<items node='urn:xmpp:avatar:metadata'><item>"
                "<metadata xmlns='urn:xmpp:avatar:metadata'/></item></items></event>"
                "</message>"
            ),
            "event avatar:metadata: avatar none",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<items node='urn:xmpp:avatar:data'><item id='a31c'>"
                "<data xmlns='urn:xmpp:avatar:data'>QUJDREVGRw==</data></item>"
                "</items></pubsub></iq>"
            ),
            "pubsub avatar:data: avatar data 7 B item=a31c",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:avatar'>"
                "<data mimetype='image/jpeg'>QUJD</data></query></iq>"
            ),
            "avatar image/jpeg 3 B",
        ),
    ],
)
def test_avatars(xml: str, summary: str) -> None:
    """Hashes, types, sizes."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/mood'><item>"
                "<mood xmlns='http://jabber.org/protocol/mood'><happy/><text>Yay"
                "</text></mood></item></publish></pubsub></iq>"
            ),
            'pubsub publish mood happy "Yay"',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/activity'><item>"
                "<activity xmlns='http://jabber.org/protocol/activity'><relaxing>"
                "<partying/></relaxing></activity></item></publish></pubsub></iq>"
            ),
            "pubsub publish activity relaxing/partying",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/tune'><item>"
                "<tune xmlns='http://jabber.org/protocol/tune'><title>Soul</title>"
                "<artist>Yes</artist></tune></item></publish></pubsub></iq>"
            ),
            'pubsub publish tune "Soul" by Yes',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/tune'><item>"
                "<tune xmlns='http://jabber.org/protocol/tune'/></item></publish>"
                "</pubsub></iq>"
            ),
            "pubsub publish tune stopped",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/geoloc'><item>"
                "<geoloc xmlns='http://jabber.org/protocol/geoloc'><locality>Venice"
                "</locality><country>Italy</country></geoloc></item></publish>"
                "</pubsub></iq>"
            ),
            "pubsub publish geoloc location Venice, Italy",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/nick'><item>"
                "<nick xmlns='http://jabber.org/protocol/nick'>CallMe</nick></item>"
                "</publish></pubsub></iq>"
            ),
            'pubsub publish nick "CallMe"',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='urn:xmpp:microblog:0'><item id='1'>"
                "<entry xmlns='http://www.w3.org/2005/Atom'><title>Hello</title>"
                "</entry></item></publish></pubsub></iq>"
            ),
            'pubsub publish microblog:0 post "Hello" item=1',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='urn:xmpp:mds:displayed:0'>"
                "<item id='romeo@example.net'>"
                "<displayed xmlns='urn:xmpp:mds:displayed:0'>"
                "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='juliet@example.org'/>"
                "</displayed></item></publish></pubsub></iq>"
            ),
            ("pubsub publish mds:displayed:0 displayed up to s1 item=romeo@example.net"),
        ),
    ],
)
def test_moods_and_the_like(xml: str, summary: str) -> None:
    """What people publish about themselves."""
    assert got(xml) == summary
