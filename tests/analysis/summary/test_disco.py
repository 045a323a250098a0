import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            ("<iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"),
            "disco#info",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#info' "
                "node='http://jabber.org/protocol/commands'/></iq>"
            ),
            "disco#info node=commands",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#info' "
                "node='http://exodus.example#QgayPKawpkPSDYmwT/WM94uAlu0='>"
                "<identity category='client' name='Exodus 0.9.1' type='pc'/>"
                "<feature var='http://jabber.org/protocol/caps'/>"
                "<feature var='http://jabber.org/protocol/disco#info'/>"
                "<feature var='http://jabber.org/protocol/disco#items'/>"
                "<feature var='http://jabber.org/protocol/muc'/></query></iq>"
            ),
            (
                'disco#info client/pc "Exodus 0.9.1", 4 features (+muc), '
                "node=http://exodus.example#QgayPKawpkPSDYmwT/WM94uAlu0=, hash "
                "verified"
            ),
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#info' "
                "node='http://exodus.example#1FDrLLbYMpzvcI95jgSHABSWDRY='>"
                "<identity category='client' name='Exodus 0.9.1' type='pc'/>"
                "<feature var='http://jabber.org/protocol/caps'/>"
                "<feature var='http://jabber.org/protocol/disco#info'/>"
                "<feature var='http://jabber.org/protocol/disco#items'/>"
                "<feature var='http://jabber.org/protocol/muc'/></query></iq>"
            ),
            (
                'disco#info client/pc "Exodus 0.9.1", 4 features (+muc), '
                "node=http://exodus.example#1FDrLLbYMpzvcI95jgSHABSWDRY=, hash does "
                "NOT fit"
            ),
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#info'>"
                "<identity category='server' type='im'/>"
                "<identity category='pubsub' type='pep'/>"
                "<feature var='urn:xmpp:mam:1'/><feature var='urn:xmpp:mam:2'/>"
                "<feature var='urn:xmpp:mam:2#extended'/>"
                "<x xmlns='jabber:x:data' type='result'/></query></iq>"
            ),
            "disco#info 2 identities, 3 features (+mam:2), 1 form",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#info'>"
                "<feature var='jabber:iq:last'/></query></iq>"
            ),
            "disco#info no identity, 1 feature (+jabber:iq:last)",
        ),
    ],
)
def test_information(xml: str, summary: str) -> None:
    """Who it is, and how much it can do; what people look for by name."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#items' node='music'>"
                "<set xmlns='http://jabber.org/protocol/rsm'><max>20</max></set>"
                "</query></iq>"
            ),
            "disco#items node=music max=20",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='http://jabber.org/protocol/disco#items'>"
                "<item jid='a.example.org'/><item jid='b.example.org'/></query></iq>"
            ),
            "disco#items 2 items",
        ),
    ],
)
def test_items(xml: str, summary: str) -> None:
    """How many."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<presence>"
                "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
                "node='http://exodus.example' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
                "</presence>"
            ),
            "available [caps=QgayPKaw… (sha-1)]",
        ),
        (
            (
                "<presence>"
                "<c xmlns='http://jabber.org/protocol/caps' "
                "node='http://exodus.example' ver='0.9'/></presence>"
            ),
            "available [caps=http://exodus.example#0.9 (legacy)]",
        ),
        (
            (
                "<presence><c xmlns='urn:xmpp:caps'>"
                "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>"
                "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=</hash></c></presence>"
            ),
            "available [caps2 (sha-256)]",
        ),
    ],
)
def test_capabilities(xml: str, summary: str) -> None:
    """The beginning of the hash is enough to compare."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:browse'/></iq>",
            "browse query",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<item xmlns='jabber:iq:browse' category='service' type='jabber'>"
                "<item/><ns>jabber:iq:search</ns></item></iq>"
            ),
            "browse service/jabber, 2 entries",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:agents'>"
                "<agent jid='a.example.org'/></query></iq>"
            ),
            "agents 1 agent",
        ),
    ],
)
def test_their_elders(xml: str, summary: str) -> None:
    """Browsing and agents."""
    assert got(xml) == summary
