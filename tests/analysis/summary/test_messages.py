import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<message type='chat'><body>Art thou not Romeo?</body></message>",
            '"Art thou not Romeo?" (19 chars)',
        ),
        (
            "<message type='chat'><body/></message>",
            '"" (0 chars)',
        ),
        (
            ("<message type='chat'><body>one</body><body xml:lang='de'>eins</body></message>"),
            '"one" (3 chars) [2 languages]',
        ),
        (
            (
                "<message type='chat'><body>"
                "Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! "
                "Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! "
                "Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! "
                "Soft! Soft! Soft! Soft! Soft! Soft! Soft! </body></message>"
            ),
            (
                '"Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! '
                'Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! Soft! …" (240 chars)'
            ),
        ),
        (
            ("<message type='chat'><body>two\nlines</body><thread>t1</thread></message>"),
            '"two↵lines" (9 chars) [thread=t1]',
        ),
        (
            ("<message type='normal'><subject>Hi</subject><body>Text</body></message>"),
            '"Text" (4 chars) [subject "Hi"]',
        ),
        (
            (
                "<message type='chat'><body>"
                "see aesgcm://up.example.org/x.jpg#00112233</body></message>"
            ),
            '"see aesgcm://up.example.org/x.jpg#•••" (42 chars)',
        ),
        (
            ("<message type='chat'><body><![CDATA[<b>]]>&amp;<!-- no --></body></message>"),
            '"<b>&" (4 chars)',
        ),
    ],
)
def test_texts(xml: str, summary: str) -> None:
    """Quoted, with their length."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<message/>",
            "(no body)",
        ),
        (
            "<message type='chat'><store xmlns='urn:xmpp:hints'/></message>",
            "(no body) [store]",
        ),
        (
            "<message type='groupchat'><subject>The moon</subject></message>",
            'room subject: "The moon"',
        ),
        (
            "<message type='groupchat'><subject/></message>",
            'room subject: ""',
        ),
        (
            "<message type='normal'><subject>Hi</subject></message>",
            'subject: "Hi"',
        ),
        (
            "<message type='chat'><bodie>Hi</bodie></message>",
            "[bodie]",
        ),
        (
            (
                "<message type='chat'><x xmlns='jabber:x:oob'><url>"
                "https://example.org/a</url></x>"
                "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>"
            ),
            "link example.org/…/a + displayed m1",
        ),
    ],
)
def test_messages_without_text(xml: str, summary: str) -> None:
    """What else they are about."""
    assert got(xml) == summary
