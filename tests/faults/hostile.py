"""What somebody may say, or write into a capture, who wants to hurt its reader."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.faults.scale import scaled

MANY: Final = scaled(8_000, 1_000_000)
"""How many of what there should be one of."""
FEW: Final = MANY // 10
FRAMES: Final = MANY // 100
"""How many stanzas."""

HEADER: Final = (
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    " to='capulet.example' version='1.0'>"
)

TRICKS: Final = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202eevil\u2066\u200f\x7f\u2028\r\n\x00"
"""What acts on a terminal, or on who reads it."""


def _message(inner: str) -> str:
    return f"<message>{inner}</message>"


def _body(text: str) -> str:
    return _message(f"<body>{text}</body>")


def _repeated(text: Callable[[int], str], count: int = MANY) -> str:
    return "".join(map(text, range(count)))


SAYINGS: Final[dict[str, Callable[[], list[str]]]] = {
    "nested": lambda: [_message("<a>" * MANY + "</a>" * MANY)],
    "often nested": lambda: [_message("<a>" * 250 + "</a>" * 250)] * (MANY // 1000),
    "attributes": lambda: ["<message " + _repeated(lambda i: f"a{i}='x' ") + "/>"],
    "the same attribute": lambda: ["<message " + "a='x' " * MANY + "/>"],
    "declarations": lambda: ["<message " + _repeated(lambda i: f"xmlns:a{i}='u:{i}' ", FEW) + "/>"],
    "children": lambda: [_message(_repeated(lambda i: f"<a xmlns='u:{i}'/>", FEW))],
    "long name": lambda: [f"<{'n' * 50 * MANY}/>"],
    "long value": lambda: [f"<message id='{'n' * 50 * MANY}'/>"],
    "long text": lambda: [_body("n" * 50 * MANY)],
    "comments": lambda: [_message("<!---->" * MANY)],
    "sections": lambda: [_body("<![CDATA[]]>" * MANY)],
    "references": lambda: [_body("&amp;" * MANY), _body("&lol;" * FEW)],
    "unfinished": lambda: ["<message " * MANY],
    "open": lambda: ["<" * 5 * MANY],
    "closed": lambda: [_message(">" * 5 * MANY)],
    "spaces": lambda: [f"<message{' ' * 20 * MANY}/>", _body(" " * 10 * MANY)],
    "quotes": lambda: ["<message a='" + '"' * 5 * MANY + "'/>"],
    "requests": lambda: [f"<iq type='get' id='{i}'><q xmlns='u:{i}'/></iq>" for i in range(FRAMES)],
    "answers": lambda: [f"<iq type='result' id='{i}'/>" for i in range(FRAMES)],
    "addresses": lambda: [
        f"<message to='a{i}@b{i}/c' from='x{i}@y/z'><body>x</body></message>" for i in range(FRAMES)
    ],
    "long addresses": lambda: [
        f"<message from='{'a' * 5 * MANY}@{'b' * MANY}/c'/>",
        f"<message from='{'a.' * MANY}' to='{'.' * MANY}'/>",
    ],
    "entities": lambda: [
        '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>' + _body("&lol2;"),
        '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _body("&x;"),
    ],
    "base64": lambda: [
        f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{'A' * 20 * MANY}</auth>",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>"
        + b64encode(b"n,," + b"a=b," * MANY).decode()
        + "</auth>",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='DIGEST-MD5'>"
        + b64encode(b'a="b\\",' * MANY).decode()
        + "</auth>",
    ],
    "form": lambda: [
        "<iq type='result'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data'>"
        + "<field var='a'><value>x</value></field>" * FEW
        + "</x></query></iq>"
    ],
    "roster": lambda: [
        "<iq type='result'><query xmlns='jabber:iq:roster'>"
        + _repeated(lambda i: f"<item jid='a{i}@b.c'/>", FEW)
        + "</query></iq>"
    ],
    "languages": lambda: [
        _message(_repeated(lambda i: f"<body xml:lang='{i}'>x</body>", FEW)),
    ],
    "forwarded": lambda: [
        "<message><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>" * 80
        + _body("x")
        + "</forwarded></result></message>" * 80
    ],
    "links": lambda: [_body("aesgcm://" * MANY), _body("http://a.b/" * MANY), _body("@" * MANY)],
    "tricks": lambda: [
        f"<message id='{TRICKS}' to='a@{TRICKS}'><body>{TRICKS}</body><{TRICKS}/></message>",
        _body("&#x1b;[2J&#x9b;31m&#x202e;"),
        (
            "<iq type='error' id='&#x202e;'><error type='cancel'><text>&#x9b;31m&#x2066;</text>"
            "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:&#x202e;</gone></error></iq>"
        ),
        "<presence><status>&#x202e;x</status><show>&#x2067;</show></presence>",
        (
            "<iq type='result' id='v'><query xmlns='jabber:iq:version'><name>&#x9b;2J</name>"
            "<version>&#x202e;</version></query></iq>"
        ),
        (
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='&#x202e;@x'"
            " name='&#x9b;'><group>&#x2066;</group></item></query></iq>"
        ),
    ],
}
"""What a client says behind its header."""


def _lines() -> Iterator[dict[str, Any]]:
    yield {"dir": "c2s", "n": -5, "t": 9e9, "conn": -1, "xml": "<a/>", "kind": "../../x"}
    yield {"dir": "c2s", "id": TRICKS, "from": TRICKS, "to": TRICKS, "ns": [TRICKS], "xml": "<a/>"}
    yield {"dir": "c2s", "kind": "message", "type": TRICKS, "xml": "<presence/>"}
    yield {"dir": "c2s", "kind": TRICKS, "xmlns": TRICKS, "xml": TRICKS, "redacted": [TRICKS]}
    yield {"dir": "s2c", "n": 2**63 - 1, "t": 0, "conn": 2**60, "xml": "<a/>"}
    yield {"dir": "s2c", "kind": "stream", "xml": "<a/>"}
    yield {"dir": "s2c", "kind": "iq", "xml": ""}
    yield {"dir": "s2c", "kind": "iq", "xml": HEADER}
    yield {"dir": "s2c", "xml": "<iq/>", "sent": TRICKS, "injected": True, "waits": True}
    yield {"event": "open", "conn": 1, "client": TRICKS, "server": TRICKS, "transport": TRICKS}
    yield {"event": "open", "conn": 2, "client": "../../etc/passwd", "server": "/"}
    yield {"event": "fate", "n": 99, "action": "drop", "held": 1e308, "sent": TRICKS}
    yield {"event": "gap", "lost": -5}
    yield {"event": "skipped", "lost": 2**62}
    yield {"event": "note", "text": TRICKS, "conn": -1, "n": -1}
    yield {"event": "error", "error": TRICKS, "detail": TRICKS}
    yield {"event": "tls", "conn": 1, "leg": "client", "version": TRICKS, "cipher": TRICKS}
    yield {"event": "mark", "text": TRICKS}
    yield {"event": "close", "conn": 1, "by": TRICKS, "reason": TRICKS}


def captures(folder: Path) -> Iterator[Path]:
    """A capture of each; to be read one by one."""
    for name, made in SAYINGS.items():
        yield _written(folder, name, map(_said, [HEADER, *made()]))
    yield _written(folder, "connections", ({**_said(HEADER), "conn": i} for i in range(1, FRAMES)))
    yield _written(folder, "lies", _lines())


def broken_captures(folder: Path) -> Iterator[Path]:
    """Files that no command takes for a whole capture."""
    yield _text(folder, "deep", '{"dir":' + "[" * MANY + "\n")
    yield _text(folder, "deep inside", '{"dir":"c2s","xml":"<a/>","x":' + "[" * MANY + "}\n")
    yield _text(folder, "big number", '{"dir":"c2s","xml":"<a/>","n":' + "9" * 5000 + "}\n")
    yield _text(folder, "negative line", '{"dir":"c2s","xml":5}\n')
    yield _text(folder, "late", '{"dir":"c2s","xml":"<a/>","t":1e308}\n')
    yield _text(folder, "early", '{"event":"gap","lost":1,"t":-1}\n')
    yield _text(folder, "two headers", '{"format":"xmppspy-capture","version":1}\n' * 2)


def _said(xml: str) -> dict[str, Any]:
    return {"dir": "c2s", "xml": xml}


def _written(folder: Path, name: str, lines: Any) -> Path:
    return _text(folder, name, "".join(json.dumps(line) + "\n" for line in lines))


def _text(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.xmpp.jsonl"
    head = {"format": "xmppspy-capture", "version": 1, "created": "2026-11-22T07:40:12Z"}
    path.write_text(json.dumps(head) + "\n" + text, errors="surrogatepass")
    return path
