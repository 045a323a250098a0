"""Traffic: a realistic mix of stanzas, the same ones every time."""

import base64
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

HEADER: Final = (
    b"<?xml version='1.0'?><stream:stream to='capulet.example' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
"""What opens the streams of a client, and in these measurements those of a server, too."""

CHAT: Final = (
    b"<message type='chat' id='m000001' to='juliet@capulet.example/balcony' "
    b"from='romeo@montague.example/orchard'><body>Wilt thou be gone? It is not yet near day: "
    b"it was the nightingale, and not the lark.</body>"
    b"<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>"
    b"<origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013'/></message>"
)
"""One message of a chat."""

_SEED: Final = 1597
_ME: Final = "juliet@capulet.example/balcony"
_CAST: Final = (
    "romeo benvolio mercutio nurse tybalt paris rosaline friar peter sampson gregory abram "
    "balthasar montague capulet escalus"
)
_NAMES: Final = tuple(_CAST.split())
_SPEECH: Final = (
    "wilt thou be gone it is not yet near day was the nightingale and lark that pierced fearful "
    "hollow of thine ear nightly she sings on yon pomegranate tree believe me love herald morn no "
    "look what envious streaks do lace severing clouds in yonder east night's candles are burnt "
    "out jocund stands tiptoe misty mountain tops I must live or stay die naïve café ☼"
)
_WORDS: Final = tuple(_SPEECH.split())


class _Scene:
    """Makes stanzas, one after the other, from one source of chance."""

    def __init__(self) -> None:
        self.random = random.Random(_SEED)  # noqa: S311 - the same mix every time
        self.number = 0

    def next(self, kinds: tuple[Callable[["_Scene"], str], ...], weights: tuple[int, ...]) -> bytes:
        self.number += 1
        (kind,) = self.random.choices(kinds, weights)
        return kind(self).encode()

    def id(self) -> str:
        return f"{self.random.getrandbits(64):016x}"

    def somebody(self) -> str:
        name = self.random.choice(_NAMES)
        return f"{name}@montague.example/{name[:3]}.{self.random.randrange(8)}"

    def text(self, least: int, most: int) -> str:
        words = self.random.choices(_WORDS, k=self.random.randint(least, most))
        return " ".join(words).capitalize() + self.random.choice((".", "!", "?", " &amp; so on."))

    def blob(self, size: int) -> str:
        return base64.b64encode(self.random.randbytes(size)).decode()


def _chat(scene: _Scene) -> str:
    return (
        f"<message type='chat' id='{scene.id()}' to='{_ME}' from='{scene.somebody()}'>"
        f"<body>{scene.text(3, 30)}</body><active xmlns='http://jabber.org/protocol/chatstates'/>"
        f"<request xmlns='urn:xmpp:receipts'/>"
        f"<stanza-id xmlns='urn:xmpp:sid:0' id='{scene.id()}' by='juliet@capulet.example'/>"
        "</message>"
    )


def _receipt(scene: _Scene) -> str:
    return (
        f"<message from='{scene.somebody()}' id='{scene.id()}' to='{_ME}'>"
        f"<received xmlns='urn:xmpp:receipts' id='{scene.id()}'/></message>"
    )


def _presence(scene: _Scene) -> str:
    return (
        f"<presence from='{scene.somebody()}' to='{_ME}'><show>away</show>"
        f"<priority>{scene.random.randrange(9)}</priority>"
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://example.org/client'"
        f" ver='{scene.blob(20)}'/></presence>"
    )


def _archived(scene: _Scene) -> str:
    second = scene.number % 60
    return (
        f"<message to='{_ME}' from='juliet@capulet.example'><result xmlns='urn:xmpp:mam:2'"
        f" queryid='f27' id='{scene.id()}'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<delay xmlns='urn:xmpp:delay' stamp='2026-07-10T23:08:{second:02}Z'/>"
        f"<message xmlns='jabber:client' to='{_ME}' from='{scene.somebody()}' type='chat'"
        f" id='{scene.id()}'><body>{scene.text(3, 30)}</body>"
        f"<origin-id xmlns='urn:xmpp:sid:0' id='{scene.id()}'/></message></forwarded></result>"
        "</message>"
    )


def _page_end(scene: _Scene) -> str:
    return (
        f"<iq type='result' id='{scene.id()}' to='{_ME}' from='juliet@capulet.example'>"
        "<fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>"
        f"<first index='0'>{scene.id()}</first><last>{scene.id()}</last></set></fin></iq>"
    )


def _ping(scene: _Scene) -> str:
    return (
        f"<iq type='get' id='{scene.id()}' from='capulet.example' to='{_ME}'>"
        "<ping xmlns='urn:xmpp:ping'/></iq>"
    )


def _roster(scene: _Scene) -> str:
    items = "".join(
        f"<item jid='{name}@montague.example' name='{name.title()}' subscription='both'>"
        "<group>Verona</group></item>"
        for name in _NAMES
    )
    return (
        f"<iq type='result' id='{scene.id()}' to='{_ME}'>"
        f"<query xmlns='jabber:iq:roster' ver='{scene.number}'>{items}</query></iq>"
    )


def _avatar(scene: _Scene) -> str:
    return (
        f"<iq type='result' id='{scene.id()}' from='{scene.somebody()}' to='{_ME}'>"
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
        f"<items node='urn:xmpp:avatar:data'><item id='{scene.id()}'>"
        f"<data xmlns='urn:xmpp:avatar:data'>{scene.blob(6144)}</data></item></items></pubsub></iq>"
    )


_KINDS: Final = (_chat, _receipt, _presence, _archived, _page_end, _ping, _roster, _avatar)
_WEIGHTS: Final = (300, 200, 240, 170, 30, 50, 2, 8)


def stanzas() -> Iterator[bytes]:
    """Stanzas that a server sends to a client, without end.

    They are chats with receipts, presence with caps, pages of an archive, pings, rosters, and a few
    avatars of 8 KiB.
    """
    scene = _Scene()
    while True:
        yield scene.next(_KINDS, _WEIGHTS)


@cache
def some(count: int) -> tuple[bytes, ...]:
    """The first `count` of them."""
    endless = stanzas()
    return tuple(next(endless) for _ in range(count))
