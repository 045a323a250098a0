import pytest

from xmppspy.analysis.redaction.document import Document
from xmppspy.analysis.redaction.login import Login
from xmppspy.analysis.redaction.masking import Masked, Masking, Situation
from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.names import Names
from xmppspy.analysis.redaction.rulebook import recorded, shared
from xmppspy.protocol.context import DEFAULT_CONTEXT


def masked(*pieces: bytes, situation: Situation | None = None, share: bool = False) -> list[Masked]:
    """What becomes of pieces of a stream that follow each other."""
    document, names = Document(DEFAULT_CONTEXT), Names()
    situation = situation or Situation(Login())
    book = shared(bodies=False) if share else recorded()
    return [
        Masking(book, Masks(b"key"), situation, names if share else None).apply(document, piece)
        for piece in pieces
    ]


def test_unchanged_bytes_are_the_same_object() -> None:
    """What holds no secret is not copied."""
    data = b"<message><body>hello</body></message>"

    assert masked(data)[0].data is data


@pytest.mark.parametrize(
    ("xml", "left", "label"),
    [
        (b"<x token='a'/>", b"<x token='*'/>", "{jabber:client}x/@token"),
        (b"<x y:token='a'/>", b"<x y:token='*'/>", "{jabber:client}x/@y:token"),
        (b"<y:token>a</y:token>", b"<y:token>*</y:token>", "{}token"),
        (b"<oauth xmlns='urn:xmpp:oauth:0'> <a>b</a> </oauth>",
         b"<oauth xmlns='urn:xmpp:oauth:0'> <a>*</a> </oauth>", "{urn:xmpp:oauth:0}a"),
        (b"<secret><b>c</b></secret>", b"<secret><b>*</b></secret>", "{jabber:client}secret"),
        (b"<a>x?token=b</a>", b"<a>x?token=*</a>", "{jabber:client}a"),
        (b"<a b='x?c=1&amp;password=d%41%26e'/>", b"<a b='x?c=1&amp;password=****%26e'/>",
         "{jabber:client}a/@b"),
    ],
)  # fmt: skip
def test_labels(xml: bytes, left: bytes, label: str) -> None:
    """What is masked is told by its place."""
    assert masked(xml) == [Masked(left, (label,))]


def test_the_salt_of_an_upgrade_is_kept() -> None:
    """A rule may except what stands inside a secret place."""
    xml = b"<next xmlns='urn:xmpp:sasl:2'><salt xmlns='urn:xmpp:scram-upgrade:0'>c2FsdA==</salt></next>"

    assert masked(xml)[0].data == xml


def test_answers() -> None:
    """A password is looked for where it may be quoted, and only there."""
    login = Login()
    login.remember(b"swordfish")
    xml = b"<a>swordfish</a>"

    assert masked(xml, situation=Situation(login))[0].data == xml
    assert masked(xml, situation=Situation(login, answers=True))[0].data == b"<a>*********</a>"


def test_pieces_belong_together() -> None:
    """The rest of a secret is masked like its beginning, and the label is the same."""
    first, second = masked(b"<password>ab", b"cd</password><x>e</x>")

    assert first == Masked(b"<password>**", ("{jabber:client}password",))
    assert second == Masked(b"**</password><x>e</x>", ("{jabber:client}password",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (b"x password='abc' />", b"x password='***' />"),
        (b"x TOKEN=abc", b"x TOKEN=***"),
        (b"x secret>abc", b"x secret>***"),
        (b"Cookie: abc\r\nHost: d", b"Cookie: ***\r\nHost: d"),
        (b"the password is abc", b"the password is abc"),
    ],
)
def test_unframed_bytes(text: bytes, left: bytes) -> None:
    """What was not framed may be anything; in a stanza the same is somebody's text."""
    unframed = Situation(Login(), unframed=True)

    assert masked(text, situation=unframed)[0].data == left
    assert masked(b"<a>%s</a>" % text.replace(b"'", b""))[0].labels == ()


def test_names_are_written_as_xml() -> None:
    """What is put into a text or attribute is escaped; into a section it is not."""
    xml = b"<x a='p&amp;q@r.example'>p&amp;q@r.example &lt;<![CDATA[<p&q@r.example>]]></x>"

    assert masked(xml, share=True)[0].data == (
        b"<x a='p&amp;user1@domain1.example'>p&amp;user1@domain1.example &lt;"
        b"<![CDATA[<p&user1@domain1.example>]]></x>"
    )


@pytest.mark.parametrize(
    ("xml", "left"),
    [
        (b"<vCard xmlns='vcard-temp' version='2.0' note='hi'><FN>A B</FN></vCard>",
         b"<vCard xmlns='vcard-temp' version='2.0' note='**'><FN>* *</FN></vCard>"),
        (b"<x xmlns='jabber:x:oob'><url>aesgcm://u.example/a#b</url></x>",
         b"<x xmlns='jabber:x:oob'><url>aesgcm://domain1.example/*#*</url></x>"),
        (b"<x y='aesgcm://u.example/a#b'/>", b"<x y='aesgcm://domain1.example/*#*'/>"),
        (b"<body xmlns='http://jabber.org/protocol/httpbind'><message><body>a</body></message></body>",
         b"<body xmlns='http://jabber.org/protocol/httpbind'><message><body>*</body></message></body>"),
    ],
)  # fmt: skip
def test_copies(xml: bytes, left: bytes) -> None:
    """Private data is masked in texts and attributes, but for what tells nothing."""
    assert masked(xml, share=True)[0].data == left
