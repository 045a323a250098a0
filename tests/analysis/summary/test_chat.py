import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'>"
                "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
            ),
            "typing…",
        ),
        (
            (
                "<message type='chat'>"
                "<paused xmlns='http://jabber.org/protocol/chatstates'/></message>"
            ),
            "paused typing",
        ),
        (
            (
                "<message type='chat'>"
                "<gone xmlns='http://jabber.org/protocol/chatstates'/></message>"
            ),
            "gone",
        ),
        (
            (
                "<message type='chat'>"
                "<active xmlns='http://jabber.org/protocol/chatstates'/><body>Hi"
                "</body></message>"
            ),
            '"Hi" (2 chars)',
        ),
        (
            (
                "<message type='chat'>"
                "<rtt xmlns='urn:xmpp:rtt:0' seq='7' event='new'><t>Hel</t></rtt>"
                "</message>"
            ),
            "typing in real time event=new seq=7",
        ),
        (
            (
                "<message type='normal'><x xmlns='jabber:x:event'><composing/><id>m1"
                "</id></x></message>"
            ),
            "event composing for m1",
        ),
        (
            (
                "<message type='normal'><x xmlns='jabber:x:event'><composing/>"
                "<delivered/></x></message>"
            ),
            "event requested: composing, delivered",
        ),
        (
            ("<message type='normal'><x xmlns='jabber:x:event'><id>m1</id></x></message>"),
            "event cancelled for m1",
        ),
    ],
)
def test_states(xml: str, summary: str) -> None:
    """They are told where nothing else is there."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            ("<message type='chat'><received xmlns='urn:xmpp:receipts' id='m1'/></message>"),
            "delivered m1",
        ),
        (
            "<message type='chat'><received xmlns='urn:xmpp:receipts'/></message>",
            "delivered (no id)",
        ),
        (
            (
                "<message type='chat'>"
                "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1' thread='t'/>"
                "</message>"
            ),
            "displayed m1 thread=t",
        ),
        (
            ("<message type='chat'><received xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>"),
            "received m1",
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<request xmlns='urn:xmpp:receipts'/>"
                "<markable xmlns='urn:xmpp:chat-markers:0'/></message>"
            ),
            '"Hi" (2 chars) [receipt?, marker?]',
        ),
    ],
)
def test_receipts_and_markers(xml: str, summary: str) -> None:
    """Of which message, or that they are wanted."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>"
            ),
            'edit of m1: "Hi" (2 chars)',
        ),
        (
            (
                "<message type='chat'>"
                "<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>"
                "<fallback xmlns='urn:xmpp:fallback:0'/><body>It is retracted</body>"
                "</message>"
            ),
            "retracts m1 [fallback body]",
        ),
        (
            (
                "<message type='chat'>"
                "<retracted xmlns='urn:xmpp:message-retract:1' id='m1' "
                "stamp='2026-01-01T00:00:00Z'/></message>"
            ),
            "retracted m1",
        ),
        (
            (
                "<message type='groupchat'>"
                "<retract xmlns='urn:xmpp:message-retract:1' id='s1'>"
                "<moderated xmlns='urn:xmpp:message-moderate:1' "
                "by='garden@rooms.example.org/Nurse'/><reason>Spam</reason></retract>"
                "</message>"
            ),
            'moderated s1 by garden@rooms.example.org/Nurse "Spam"',
        ),
        (
            (
                "<message type='groupchat'>"
                "<apply-to xmlns='urn:xmpp:fasten:0' id='s1'>"
                "<moderated xmlns='urn:xmpp:message-moderate:0' "
                "by='garden@rooms.example.org/Nurse'>"
                "<retract xmlns='urn:xmpp:message-retract:0'/><reason>Spam</reason>"
                "</moderated></apply-to></message>"
            ),
            'moderated s1 by garden@rooms.example.org/Nurse "Spam"',
        ),
        (
            (
                "<message type='chat'><apply-to xmlns='urn:xmpp:fasten:0' id='s1'>"
                "<retract xmlns='urn:xmpp:message-retract:0'/></apply-to></message>"
            ),
            "retracts s1",
        ),
        (
            (
                "<message type='chat'>"
                "<apply-to xmlns='urn:xmpp:fasten:0' id='s1' clear='true'>"
                "<like xmlns='urn:example:like'/><external name='body'/></apply-to>"
                "</message>"
            ),
            "clears like, body to s1",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<moderate xmlns='urn:xmpp:message-moderate:1' id='s1'>"
                "<retract xmlns='urn:xmpp:message-retract:1'/><reason>Spam</reason>"
                "</moderate></iq>"
            ),
            'moderates s1 "Spam"',
        ),
        (
            (
                "<message type='chat'>"
                "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👋"
                "</reaction><reaction>🐢</reaction></reactions></message>"
            ),
            "reacts 👋🐢 to m1",
        ),
        (
            ("<message type='chat'><reactions xmlns='urn:xmpp:reactions:0' id='m1'/></message>"),
            "takes back reactions to m1",
        ),
        (
            (
                "<message type='chat'><body>&gt; Hello\nHi</body>"
                "<reply xmlns='urn:xmpp:reply:0' id='m1' "
                "to='juliet@example.org/phone'/>"
                "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
                "<body start='0' end='8'/></fallback></message>"
            ),
            'reply to m1 of me/phone: "> Hello↵Hi" (10 chars) [partly fallback]',
        ),
        (
            (
                "<message type='chat'><body>cat.jpg</body>"
                "<attach-to xmlns='urn:xmpp:message-attaching:1' id='m1'/></message>"
            ),
            'attached to m1: "cat.jpg" (7 chars)',
        ),
        (
            ("<message type='headline'><attention xmlns='urn:xmpp:attention:0'/></message>"),
            "calls for attention",
        ),
    ],
)
def test_changes_of_earlier_messages(xml: str, summary: str) -> None:
    """Edits, retractions, moderation, reactions, answers."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat' id='m1'><body>Hi</body>"
                "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='juliet@example.org'/>"
                "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>"
            ),
            '"Hi" (2 chars) [stanza-id=s1 by=me, origin-id]',
        ),
        (
            (
                "<message type='chat' id='m1'><body>Hi</body>"
                "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>"
            ),
            '"Hi" (2 chars) [origin-id=o1]',
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00.5Z' "
                "from='example.org'/>"
                "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='x'/></message>"
            ),
            '"Hi" (2 chars) [delayed 2026-01-01T00:00:00Z by srv]',
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<no-copy xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/>"
                "<store xmlns='urn:xmpp:hints'/><private xmlns='urn:xmpp:carbons:2'/>"
                "</message>"
            ),
            '"Hi" (2 chars) [no-copy, no-store, store, private]',
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<nick xmlns='http://jabber.org/protocol/nick'>Ishmael</nick>"
                "<spoiler xmlns='urn:xmpp:spoiler:0'>The end</spoiler>"
                "<ephemeral xmlns='urn:xmpp:ephemeral:0' timer='60'/></message>"
            ),
            '"Hi" (2 chars) [nick "Ishmael", spoiler "The end", ephemeral 60s]',
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<reference xmlns='urn:xmpp:reference:0' type='mention' "
                "uri='xmpp:romeo@example.net'/>"
                "<html xmlns='http://jabber.org/protocol/xhtml-im'/></message>"
            ),
            '"Hi" (2 chars) [mention xmpp:romeo@example.net, xhtml]',
        ),
        (
            (
                "<message type='chat'><body>cat.jpg</body>"
                "<reference xmlns='urn:xmpp:reference:0' type='data' "
                "uri='https://example.org/s3cret'>"
                "<media-sharing xmlns='urn:xmpp:sims:1'>"
                "<file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><name>cat.jpg"
                "</name><size>23456</size></file></media-sharing></reference>"
                "<sticker xmlns='urn:xmpp:stickers:0' pack='p'/></message>"
            ),
            '"cat.jpg" (7 chars) [data file "cat.jpg" 23 kB, sticker]',
        ),
        (
            (
                "<message type='normal'><rai xmlns='urn:xmpp:rai:0'><activity>"
                "garden@rooms.example.org</activity></rai></message>"
            ),
            "activity in garden@rooms.example.org",
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<addresses xmlns='http://jabber.org/protocol/address'>"
                "<address type='replyto' jid='juliet@example.org/phone'/></addresses>"
                "<headers xmlns='http://jabber.org/protocol/shim'>"
                "<header name='SubID'>1</header></headers></message>"
            ),
            '"Hi" (2 chars) [addresses replyto:me/phone, headers SubID]',
        ),
        (
            (
                "<message type='chat'><body>Hi</body>"
                "<securitylabel xmlns='urn:xmpp:sec-label:0'><displaymarking>SECRET"
                "</displaymarking></securitylabel></message>"
            ),
            '"Hi" (2 chars) [label SECRET]',
        ),
    ],
)
def test_what_goes_along(xml: str, summary: str) -> None:
    """Flags: ids, hints, delays and the like."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'><x xmlns='jabber:x:oob'><url>"
                "https://up.example.org/4a77/cat.jpg?k=s3cret</url><desc>A cat</desc>"
                "</x></message>"
            ),
            'link up.example.org/…/cat.jpg "A cat"',
        ),
        (
            "<iq type='set' id='1'><query xmlns='jabber:iq:oob'/></iq>",
            "link (no URL)",
        ),
    ],
)
def test_links(xml: str, summary: str) -> None:
    """Without what may be secret in an address."""
    assert got(xml) == summary
