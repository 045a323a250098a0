import pytest

from tests.analysis.summary.samples import got, sent


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            ("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"),
            "bind?",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>phone"
                "</resource></bind></iq>"
            ),
            "bind resource=phone",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"
                "juliet@example.org/phone</jid></bind></iq>"
            ),
            "bound juliet@example.org/phone",
        ),
        (
            ("<iq type='set' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>"),
            "session",
        ),
    ],
)
def test_binding(xml: str, summary: str) -> None:
    """What is asked for, and what is granted, in full."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>",
            "register fields?",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:register'>"
                "<instructions>Fill in</instructions><username/><password/></query>"
                "</iq>"
            ),
            "register fields username, password",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:register'>"
                "<registered/><username>bill</username><password>pw</password>"
                "</query></iq>"
            ),
            "register already registered user=bill",
        ),
        (
            "<iq type='result' id='1'><query xmlns='jabber:iq:register'/></iq>",
            "register nothing to fill in",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>"
                "bill</username><password>Calli0pe</password><email>b@example.org"
                "</email></query></iq>"
            ),
            "register user=bill password=••• with email",
        ),
        (
            ("<iq type='set' id='1'><query xmlns='jabber:iq:register'><remove/></query></iq>"),
            "register cancels the registration",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:register'>"
                "<x xmlns='jabber:x:data' type='submit'><field var='username'><value>"
                "bill</value></field><field var='password'><value>Calli0pe</value>"
                "</field></x></query></iq>"
            ),
            "register user=bill form submitted (2 fields)",
        ),
        (
            "<iq type='set' id='1'><query xmlns='jabber:iq:register'/></iq>",
            "register (no fields)",
        ),
        (
            ("<iq type='set' id='1'><preauth xmlns='urn:xmpp:pars:0' token='s3cret'/></iq>"),
            "pre-authenticated, token •••",
        ),
    ],
)
def test_registration(xml: str, summary: str) -> None:
    """Users and fields are named, secrets are masked."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'><query xmlns='jabber:iq:auth'><username>bill"
                "</username></query></iq>"
            ),
            "login fields? user=bill",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:auth'><username/>"
                "<password/><digest/><resource/></query></iq>"
            ),
            "login fields username, password, digest, resource",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:auth'><username>bill"
                "</username><digest>48fc78be</digest><resource>globe</resource>"
                "</query></iq>"
            ),
            "login user=bill digest=••• resource=globe",
        ),
    ],
)
def test_old_logins(xml: str, summary: str) -> None:
    """As registration."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='set' id='1'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
            "carbons on",
        ),
        (
            "<iq type='set' id='1'><disable xmlns='urn:xmpp:carbons:2'/></iq>",
            "carbons off",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<enable xmlns='urn:xmpp:push:0' jid='push.example.net' node='n1'>"
                "<x xmlns='jabber:x:data' type='submit'><field var='secret'><value>"
                "s3cret</value></field></x></enable></iq>"
            ),
            "push on push.example.net node=n1",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<disable xmlns='urn:xmpp:push:0' jid='push.example.net'/></iq>"
            ),
            "push off push.example.net",
        ),
        (
            "<active xmlns='urn:xmpp:csi:0'/>",
            "client active",
        ),
        (
            "<inactive xmlns='urn:xmpp:csi:0'/>",
            "client inactive",
        ),
        (
            ("<iq type='set' id='1'><invisible xmlns='urn:xmpp:invisible:1' probe='true'/></iq>"),
            "becomes invisible probe=true",
        ),
        (
            "<iq type='set' id='1'><visible xmlns='urn:xmpp:invisible:1'/></iq>",
            "becomes visible",
        ),
        (
            (
                "<iq type='result' id='1'><clients xmlns='urn:xmpp:cam:0'>"
                "<client id='c1'><user-agent><software>Gajim</software></user-agent>"
                "</client></clients></iq>"
            ),
            "clients with access (Gajim)",
        ),
        (
            "<iq type='set' id='1'><revoke xmlns='urn:xmpp:cam:0' id='c1'/></iq>",
            "revokes access of c1",
        ),
    ],
)
def test_what_is_switched_on_and_off(xml: str, summary: str) -> None:
    """Carbons, push, activity, visibility."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='n1'><item><notification xmlns='urn:xmpp:push:0'>"
                "<x xmlns='jabber:x:data'><field var='message-count'><value>3</value>"
                "</field></x></notification></item></publish></pubsub></iq>"
            ),
            "pubsub publish n1 push notification messages=3",
        ),
    ],
)
def test_push_notifications(xml: str, summary: str) -> None:
    """What a push service is told."""
    assert got(xml) == summary
