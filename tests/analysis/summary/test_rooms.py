import pytest

from tests.analysis.summary.samples import got, sent


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<presence to='garden@rooms.example.org/Juliet'>"
                "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='20'/>"
                "<password>s3cret</password></x></presence>"
            ),
            ("joins garden@rooms.example.org as Juliet (history maxstanzas=20, password •••)"),
        ),
        (
            (
                "<presence to='garden@rooms.example.org/Juliet'><show>away</show>"
                "<x xmlns='http://jabber.org/protocol/muc'/></presence>"
            ),
            "joins garden@rooms.example.org as Juliet (away)",
        ),
        (
            (
                "<message to='garden@rooms.example.org'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<invite to='romeo@example.net'><reason>Come</reason></invite></x>"
                "</message>"
            ),
            'invites romeo@example.net to garden@rooms.example.org "Come"',
        ),
        (
            (
                "<message to='garden@rooms.example.org'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<decline to='romeo@example.net'><reason>No</reason></decline></x>"
                "</message>"
            ),
            'declines invitation of romeo@example.net "No"',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item nick='Romeo' role='none'><reason>Avaunt</reason></item>"
                "</query></iq>"
            ),
            'kicks Romeo "Avaunt"',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item nick='Romeo' role='visitor'/></query></iq>"
            ),
            "takes voice from Romeo",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item nick='Romeo' role='participant'/></query></iq>"
            ),
            "gives voice to Romeo",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item nick='Romeo' role='moderator'/></query></iq>"
            ),
            "sets role moderator for Romeo",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item jid='tybalt@example.net' affiliation='outcast'/></query></iq>"
            ),
            "bans tybalt@example.net",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item jid='tybalt@example.net' nick='T' affiliation='member'/>"
                "</query></iq>"
            ),
            "sets affiliation member for tybalt@example.net",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item affiliation='member'/></query></iq>"
            ),
            "room list? affiliation=member",
        ),
        (
            ("<iq type='get' id='1'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>"),
            "room configuration?",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<x xmlns='jabber:x:data' type='submit'/></query></iq>"
            ),
            "room configuration: as it is (instant room)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<x xmlns='jabber:x:data' type='submit'>"
                "<field var='muc#roomconfig_roomsecret'><value>s3cret</value></field>"
                "</x></query></iq>"
            ),
            "room configuration form submitted (1 field)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<x xmlns='jabber:x:data' type='cancel'/></query></iq>"
            ),
            "room configuration form cancelled",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<destroy jid='balcony@rooms.example.org'><reason>Over</reason>"
                "</destroy></query></iq>"
            ),
            'destroys the room → balcony@rooms.example.org "Over"',
        ),
    ],
)
def test_what_the_client_does(xml: str, summary: str) -> None:
    """Joins, invites, kicks, bans, configures."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<presence from='garden@rooms.example.org/Juliet'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<item affiliation='owner' role='moderator'/><status code='110'/>"
                "<status code='201'/></x></presence>"
            ),
            "me as Juliet (moderator/owner) [201 room created]",
        ),
        (
            (
                "<presence from='garden@rooms.example.org/Romeo'><show>away</show>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<item affiliation='none' role='participant' "
                "jid='romeo@example.net/orchard'/></x></presence>"
            ),
            "occupant Romeo (participant/none) jid=romeo@example.net/orchard (away)",
        ),
        (
            (
                "<presence type='unavailable' from='garden@rooms.example.org/Romeo'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<item affiliation='none' role='none'><actor nick='Juliet'/><reason>"
                "Avaunt!</reason></item><status code='307'/></x></presence>"
            ),
            'offline, occupant Romeo (none/none) [307 kicked] by Juliet "Avaunt!"',
        ),
        (
            (
                "<presence type='unavailable' from='garden@rooms.example.org/Romeo'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<item affiliation='none' role='participant' nick='Montague'/>"
                "<status code='303'/></x></presence>"
            ),
            "offline, occupant Romeo (participant/none) [303 new nick Montague]",
        ),
        (
            (
                "<presence type='unavailable' from='garden@rooms.example.org/Romeo'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<item affiliation='none' role='none'/>"
                "<destroy jid='b@rooms.example.org'><reason>Over</reason></destroy>"
                "</x></presence>"
            ),
            ('offline, occupant Romeo (none/none) room destroyed → b@rooms.example.org "Over"'),
        ),
        (
            (
                "<presence from='garden@rooms.example.org/Romeo'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'><item/>"
                "<status code='999'/></x></presence>"
            ),
            "occupant Romeo (?/?) [999]",
        ),
        (
            (
                "<message type='groupchat'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/>"
                "<status code='172'/></x></message>"
            ),
            "room 104 configuration changed, 172 now non-anonymous",
        ),
        (
            (
                "<message type='normal' from='garden@rooms.example.org'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<invite from='romeo@example.net'><reason>Come</reason></invite>"
                "<password>s3cret</password></x><body>Come in</body></message>"
            ),
            (
                'invited by romeo@example.net to garden@rooms.example.org "Come" '
                "password ••• [fallback body]"
            ),
        ),
        (
            (
                "<message type='normal'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<decline from='romeo@example.net'/></x></message>"
            ),
            "invitation declined by romeo@example.net",
        ),
        (
            (
                "<message type='normal'>"
                "<x xmlns='jabber:x:conference' jid='garden@rooms.example.org' "
                "reason='Come' password='s3cret'/></message>"
            ),
            'invites to garden@rooms.example.org "Come" password •••',
        ),
        (
            (
                "<message type='normal'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'><password>s3cret"
                "</password></x></message>"
            ),
            "room password •••",
        ),
        (
            ("<message type='normal'><x xmlns='http://jabber.org/protocol/muc#user'/></message>"),
            "room remark",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item affiliation='member' jid='a@b'/>"
                "<item affiliation='member' jid='c@b'/></query></iq>"
            ),
            "room list: 2 items (member)",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<x xmlns='jabber:x:data' type='form'><title>Garden</title>"
                "<field var='a'/></x></query></iq>"
            ),
            'room configuration form "Garden" (1 field)',
        ),
        (
            (
                "<presence from='garden@rooms.example.org/Romeo'>"
                "<hats xmlns='urn:xmpp:hats:0'><hat title='Host' uri='u'/></hats>"
                "</presence>"
            ),
            "available [hats Host]",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<unique xmlns='http://jabber.org/protocol/muc#unique'>"
                "6d9423a55f499b29ad20bf7b2bdea4f4b885ead1</unique></iq>"
            ),
            "unique room name 6d9423a55f499b29ad20bf7b2bdea4f4b885ead1",
        ),
    ],
)
def test_what_rooms_say(xml: str, summary: str) -> None:
    """Occupants, and what happened to them; codes in words."""
    assert got(xml) == summary
