"""Captures written by hand, for comparing: what Romeo's client and its server say to each other."""

import io
import json
import re

from xmppspy import read
from xmppspy.replay.recording import Part, Recording

JID = "romeo@capulet.example/garden"

_HEADER = (
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    " version='1.0' "
)
_SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
_BIND = "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"


def login(
    jid: str = JID, *, stream: str = "s1", name: str = "b1", mechanism: str = "PLAIN"
) -> list[str]:
    """The lines of a client that logs in and binds a resource."""
    domain = jid.partition("/")[0].partition("@")[2]
    offer = f"<mechanisms {_SASL}><mechanism>{mechanism}</mechanism></mechanisms>"
    return [
        f"C {_HEADER}to='{domain}'>",
        f"S {_HEADER}from='{domain}' id='{stream}'>",
        f"S <stream:features>{offer}</stream:features>",
        f"C <auth {_SASL} mechanism='{mechanism}'>AHJvbWVvAHNlY3JldA==</auth>",
        f"S <success {_SASL}/>",
        f"C {_HEADER}to='{domain}'>",
        f"S {_HEADER}from='{domain}' id='{stream}-again'>",
        f"S <stream:features><bind {_BIND}/></stream:features>",
        f"C <iq type='set' id='{name}'><bind {_BIND}/></iq>",
        f"S <iq type='result' id='{name}'><bind {_BIND}><jid>{jid}</jid></bind></iq>",
    ]


def starttls(domain: str = "capulet.example") -> list[str]:
    """The lines of a client that goes over to TLS, to stand before a login."""
    tls = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
    return [
        f"C {_HEADER}to='{domain}'>",
        f"S {_HEADER}from='{domain}' id='s0'>",
        f"S <stream:features><starttls {tls}/></stream:features>",
        f"C <starttls {tls}/>",
        f"S <proceed {tls}/>",
    ]


ROSTER = """\
C <iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>
S <iq type='result' id='r1'><query xmlns='jabber:iq:roster' ver='v1'><item jid='juliet@capulet.example' subscription='both'><group>Verona</group><group>Friends</group></item><item jid='nurse@capulet.example' name='Angelica'/></query></iq>
""".splitlines()

CHAT = """\
C <presence><show>chat</show></presence>
S <presence from='juliet@capulet.example/balcony' to='romeo@capulet.example/garden'/>
S <message from='juliet@capulet.example/balcony' to='romeo@capulet.example/garden' id='m1' type='chat'><body>Wherefore art thou?</body><request xmlns='urn:xmpp:receipts'/></message>
C <message to='juliet@capulet.example/balcony' id='m2' type='chat'><body>Call me but love.</body></message>
C <message to='juliet@capulet.example/balcony' id='m3'><received xmlns='urn:xmpp:receipts' id='m1'/></message>
S <message from='juliet@capulet.example/balcony' to='romeo@capulet.example/garden' id='m4' type='chat'><body>Romeo!</body><delay xmlns='urn:xmpp:delay' stamp='2026-11-22T07:40:12Z'/></message>
C </stream:stream>
S </stream:stream>
""".splitlines()

TALK = [*login(), *ROSTER, *CHAT]


def capture(*connections: list[str]) -> bytes:
    """A capture of these connections, one after the other: lines that begin with `C` or `S`."""
    lines = []
    for conn, said in enumerate(connections, 1):
        for line in said:
            way, _, xml = line.partition(" ")
            frame = {"conn": conn, "dir": "c2s" if way == "C" else "s2c", "xml": xml}
            lines.append(json.dumps(frame))
    return "\n".join([*lines, ""]).encode()


def recording(*connections: list[str]) -> Recording:
    """The same as it is played and compared."""
    return Recording(read(io.BytesIO(capture(*connections))))


def parts(*connections: list[str]) -> list[Part]:
    """The same as a list of parts."""
    return list(recording(*connections).parts.values())


def with_change(lines: list[str], old: str, new: str) -> list[str]:
    """The lines, of which one at least holds `old`, with `new` for it."""
    assert any(old in line for line in lines), old
    return [line.replace(old, new) for line in lines]


def renamed(lines: list[str], jids: dict[str, str]) -> list[str]:
    """The lines with other ids, other times, and other addresses where `jids` has them."""
    text = "\n".join(lines)
    text = re.sub(r"\bid='([^']+)'", r"id='other-\1'", text)
    text = text.replace("2026-11-22T07:40:12Z", "2027-01-01T00:00:00.123456Z")
    for old, new in {"ver='v1'": "ver='v2'", **jids}.items():
        text = text.replace(old, new)
    return text.split("\n")
