import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'>"
                "<getNode xmlns='urn:xmpp:iot:concentrators' sourceId='m' "
                "nodeId='n1'/></iq>"
            ),
            ("getNode (XEP-0326 Internet of Things - Concentrators) nodeId=n1 sourceId=m"),
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<thing xmlns='urn:nobody:knows' name='n' token='s3cret'><a/><a/><b/>"
                "</thing></iq>"
            ),
            "thing {urn:nobody:knows} name=n [a ×2, b]",
        ),
        (
            ("<iq type='set' id='1'><thing xmlns='urn:nobody:knows'>s3cret</thing></iq>"),
            "thing {urn:nobody:knows} (6 B)",
        ),
        (
            "<iq type='set' id='1'><thing>s3cret</thing></iq>",
            "thing (6 B)",
        ),
        (
            "<nonza xmlns='urn:nobody:knows' id='3'/>",
            "nonza {urn:nobody:knows} id=3",
        ),
        (
            ("<iq type='get' id='1'><query xmlns='http://jabber.org/protocol/jinglenodes'/></iq>"),
            "query (XEP-0278 Jingle Relay Nodes)",
        ),
    ],
)
def test_what_no_table_knows(xml: str, summary: str) -> None:
    """Named by its specification, else by its namespace."""
    assert got(xml) == summary
