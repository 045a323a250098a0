import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<items node='news' max_items='1'><item id='a'/></items></pubsub>"
                "</iq>"
            ),
            "pubsub items? news item=a max=1",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='news'><item id='a'><thing xmlns='urn:nobody:knows'/>"
                "</item></publish><publish-options/></pubsub></iq>"
            ),
            "pubsub publish news thing {urn:nobody:knows} item=a [with options]",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='news'/></pubsub></iq>"
            ),
            "pubsub publish news (no item)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<retract node='news'><item id='a'/></retract></pubsub></iq>"
            ),
            "pubsub retract news item=a",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<subscribe node='news' jid='juliet@example.org'/></pubsub></iq>"
            ),
            "pubsub subscribe news as me",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<unsubscribe node='news' jid='romeo@example.net' subid='7'/>"
                "</pubsub></iq>"
            ),
            "pubsub unsubscribe news as romeo@example.net subid=7",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/>"
                "</pubsub></iq>"
            ),
            "pubsub subscriptions?",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<create node='news'/><configure>"
                "<x xmlns='jabber:x:data' type='submit'><field var='a'/></x>"
                "</configure></pubsub></iq>"
            ),
            "pubsub create news with form submitted (1 field)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create/></pubsub>"
                "</iq>"
            ),
            "pubsub create instant node",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<options node='news' jid='juliet@example.org'/></pubsub></iq>"
            ),
            "pubsub subscription options? news",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>"
                "<configure node='news'/></pubsub></iq>"
            ),
            "pubsub owner configure? news",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>"
                "<affiliations node='news'>"
                "<affiliation jid='romeo@example.net' affiliation='owner'/>"
                "</affiliations></pubsub></iq>"
            ),
            "pubsub owner affiliations news (romeo@example.net=owner)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>"
                "<delete node='news'><redirect uri='xmpp:x'/></delete></pubsub></iq>"
            ),
            "pubsub owner delete news → xmpp:x",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>"
                "<purge node='news'/></pubsub></iq>"
            ),
            "pubsub owner purge news",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<dance node='news'/></pubsub></iq>"
            ),
            "pubsub dance news",
        ),
        (
            ("<iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'/></iq>"),
            "pubsub empty",
        ),
    ],
)
def test_requests(xml: str, summary: str) -> None:
    """What is wanted of which node."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<items node='news'/></pubsub></iq>"
            ),
            "pubsub news: no items",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<items node='news'><item id='a'/><item id='b'/></items></pubsub>"
                "</iq>"
            ),
            "pubsub news: 2 items",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='news'><item id='a'/></publish></pubsub></iq>"
            ),
            "pubsub published news item=a",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<subscription node='news' jid='juliet@example.org' "
                "subscription='subscribed' subid='7'/></pubsub></iq>"
            ),
            "pubsub subscription news me: subscribed subid=7",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<create node='n7'/></pubsub></iq>"
            ),
            "pubsub created n7",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions>"
                "<subscription node='news' subscription='subscribed'/>"
                "</subscriptions></pubsub></iq>"
            ),
            "pubsub subscriptions (news=subscribed)",
        ),
    ],
)
def test_results(xml: str, summary: str) -> None:
    """What there is, and what was done."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<items node='news'><item id='a' publisher='romeo@example.net'/>"
                "</items></event></message>"
            ),
            "event news: item=a by romeo@example.net",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<items node='news'><retract id='a'/></items></event></message>"
            ),
            "event news: retracted a",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<delete node='news'/></event></message>"
            ),
            "event news deleted",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<purge node='news'/></event></message>"
            ),
            "event news purged",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<configuration node='news'/></event></message>"
            ),
            "event news: new configuration",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<subscription node='news' jid='juliet@example.org' "
                "subscription='none'/></event></message>"
            ),
            "event subscription news me: none",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                "<collection node='all'><associate node='news'/></collection></event>"
                "</message>"
            ),
            "event collection all associate news",
        ),
        (
            (
                "<message type='headline'>"
                "<event xmlns='http://jabber.org/protocol/pubsub#event'/></message>"
            ),
            "event empty",
        ),
    ],
)
def test_events(xml: str, summary: str) -> None:
    """What became of a node."""
    assert got(xml) == summary
