import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'><received xmlns='urn:xmpp:carbons:2'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client' from='romeo@example.net/x' "
                "to='juliet@example.org' type='chat'><body>Hi</body></message>"
                "</forwarded></received></message>"
            ),
            'carbon recv←romeo@example.net/x: chat "Hi" (2 chars)',
        ),
        (
            (
                "<message type='chat'><sent xmlns='urn:xmpp:carbons:2'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message from='juliet@example.org/x' to='romeo@example.net' "
                "type='chat'><body>Hi</body></message></forwarded></sent></message>"
            ),
            'carbon sent→romeo@example.net: chat "Hi" (2 chars)',
        ),
        (
            "<message type='chat'><received xmlns='urn:xmpp:carbons:2'/></message>",
            "carbon recv←: nothing",
        ),
    ],
)
def test_carbons(xml: str, summary: str) -> None:
    """Unwrapped, whatever namespace the message fell into."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='normal'>"
                "<result xmlns='urn:xmpp:mam:2' queryid='f27' id='a1'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T10:00:00Z'/>"
                "<message xmlns='jabber:client' from='romeo@example.net/x' "
                "to='juliet@example.org' type='chat'><body>Hi</body></message>"
                "</forwarded></result></message>"
            ),
            ('archive [f27] 2026-01-01T10:00:00Z romeo@example.net/x→me chat "Hi" (2 chars)'),
        ),
        (
            (
                "<message type='normal'><result xmlns='urn:xmpp:mam:2' id='a1'>"
                "<forwarded xmlns='urn:xmpp:forward:0'/></result></message>"
            ),
            "archive result nothing",
        ),
    ],
)
def test_archived_messages(xml: str, summary: str) -> None:
    """When, from whom, to whom, what."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='normal'><forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client' from='romeo@example.net/x' "
                "to='juliet@example.org' type='chat'><body>Hi</body></message>"
                "</forwarded></message>"
            ),
            'forwarded romeo@example.net/x→me: chat "Hi" (2 chars)',
        ),
        (
            (
                "<message type='normal'><forwarded xmlns='urn:xmpp:forward:0'>"
                "<presence xmlns='jabber:client' from='romeo@example.net'><show>dnd"
                "</show></presence></forwarded></message>"
            ),
            "forwarded romeo@example.net→: presence available (dnd)",
        ),
        (
            ("<message type='normal'><forwarded xmlns='urn:xmpp:forward:0'/></message>"),
            "forwarded nothing",
        ),
        (
            (
                "<message type='normal'><forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client' from='romeo@example.net/x' "
                "to='juliet@example.org' type='chat'><body>Hi</body></message>"
                "</forwarded></message></forwarded></message></forwarded></message>"
                "</forwarded></message>"
            ),
            "forwarded forwarded forwarded forwarded romeo@example.net/x→me: …",
        ),
        (
            (
                "<message type='normal'><mentions xmlns='urn:nobody:knows'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client' from='romeo@example.net/x' "
                "to='juliet@example.org' type='chat'><body>Hi</body></message>"
                "</forwarded></mentions></message>"
            ),
            ('mentions {urn:nobody:knows} forwarded romeo@example.net/x→me: chat "Hi" (2 chars)'),
        ),
    ],
)
def test_forwarded_stanzas(xml: str, summary: str) -> None:
    """Iqs and presences too; not without end."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='normal'><privilege xmlns='urn:xmpp:privilege:2'>"
                "<perm access='roster' type='both'/>"
                "<perm access='message' type='outgoing'/></privilege></message>"
            ),
            "privilege grants roster:both, message:outgoing",
        ),
        (
            (
                "<message type='normal'><privilege xmlns='urn:xmpp:privilege:2'>"
                "<forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client' from='romeo@example.net/x' "
                "to='juliet@example.org' type='chat'><body>Hi</body></message>"
                "</forwarded></privilege></message>"
            ),
            'privilege romeo@example.net/x→me: chat "Hi" (2 chars)',
        ),
        (
            (
                "<iq type='set' id='1'><privileged_iq xmlns='urn:xmpp:privilege:2'>"
                "<iq xmlns='jabber:client' type='get' to='juliet@example.org'>"
                "<ping xmlns='urn:xmpp:ping'/></iq></privileged_iq></iq>"
            ),
            "privileged iq for →me: iq get ping",
        ),
        (
            (
                "<message type='normal'><delegation xmlns='urn:xmpp:delegation:2'>"
                "<delegated namespace='urn:xmpp:mam:2'/></delegation></message>"
            ),
            "delegation of urn:xmpp:mam:2",
        ),
        (
            "<iq type='set' id='1'><delegation xmlns='urn:xmpp:delegation:2'/></iq>",
            "delegation",
        ),
        (
            "<iq type='set' id='1'><inbox xmlns='urn:xmpp:inbox:1'/></iq>",
            "inbox query",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<inbox xmlns='urn:xmpp:inbox:1' total='3' unread='1'/></iq>"
            ),
            "inbox 3 in all, 1 unread",
        ),
        (
            (
                "<message type='normal'>"
                "<entry xmlns='urn:xmpp:inbox:1' jid='romeo@example.net' unread='2'/>"
                "</message>"
            ),
            "inbox romeo@example.net 2 unread",
        ),
    ],
)
def test_entities_with_privileges(xml: str, summary: str) -> None:
    """What they may do, and do in whose name."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("sender", "mark"),
    [
        ("", ""),
        ("from='juliet@example.org'", ""),
        ("from='juliet@example.org/x'", " [from me/x: forged?]"),
        ("from='mallory@evil.test'", " [from mallory@evil.test: forged?]"),
    ],
)
def test_forged_carbons(sender: str, mark: str) -> None:
    """Only the own account may send them; the mark stands before what could push it out."""
    carbon = (
        "<message {}><{} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        "<message xmlns='jabber:client' from='romeo@example.net' to='romeo@example.net'>"
        "<body>Hi</body></message></forwarded></{}></message>"
    )
    told = "romeo@example.net"

    assert got(carbon.format(sender, "sent", "sent")) == f'carbon sent→{told}{mark}: "Hi" (2 chars)'
    assert got(carbon.format(sender, "received", "received")) == (
        f'carbon recv←{told}{mark}: "Hi" (2 chars)'
    )
