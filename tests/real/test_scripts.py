"""A script between a real client and real servers, with stream management on (XEP-0198)."""

from contextlib import closing
from pathlib import Path
from textwrap import dedent

from tests.real.clients import Endpoint
from tests.real.conftest import Authority
from tests.real.interception import events, proxy, read_lines, upstream_of
from tests.real.scram_client import CLIENT, Login, Stream, authenticate, bind
from tests.real.servers import DOMAIN, Server

SM = "urn:xmpp:sm:3"
SCRIPT = f"""
    from collections import Counter

    def stanza(s, session):
        session.data.setdefault("kinds", Counter())[s.dir] += 1
        if s.match("message c2s body=lost"):
            return s.drop()
        if s.match("message c2s body=twice"):
            return s.duplicate()
        if s.match("message c2s body=rough"):
            return s.edit("//c:body", text="smooth")
        if s.match("message c2s body=crash"):
            raise RuntimeError(session.jid)
        if s.match("message c2s body=hear"):
            session.inject("client", '<message from="{DOMAIN}"><body>hist</body></message>')
        if s.match("iq c2s type:get ns:jabber:iq:version"):
            return s.reply_error("forbidden")

    def closed(session):
        session.note(f"{{session.jid}} of {{session.domain}}: {{sum(session.data['kinds'].values())}}")
"""


def _stanzas(jid: str) -> list[str]:
    bodies = ["lost", "twice", "rough", "crash", "hear"] * 4 + ["end"]
    version = f"<iq type='get' id='v' to='{DOMAIN}'><query xmlns='jabber:iq:version'/></iq>"
    return [*(f"<message to='{jid}'><body>{body}</body></message>" for body in bodies), version]


def test_a_script_keeps_the_session_alive(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """What it does reaches the peers, and both count as many stanzas as they sent and got."""
    path = folder / "play.py"
    path.write_text(dedent(SCRIPT))
    trusted = authority.certificate
    with proxy(upstream_of(server.port(tls), tls), trusted, folder, "--script", path) as spy:
        with closing(Stream(Endpoint(spy.port, tls, spy.ca), "1.3")) as stream:
            authenticate(stream, Login("SCRAM-SHA-1"))
            bind(stream)
            stream.ask(f"<enable xmlns='{SM}' resume='true'/>")
            stanzas = _stanzas(stream.jid)
            stream.send("".join(stanzas))
            heard: list[str] = []
            while sorted(heard) != sorted(
                ["twice", "twice", "smooth", "crash", "hear", "hist"] * 4 + ["end", "forbidden"]
            ):
                element = stream.next()
                if element.tag == f"{CLIENT}message":
                    heard.append(element.findtext(f"{CLIENT}body") or "")
                elif element.tag == f"{CLIENT}iq":
                    heard.append("forbidden" if element.get("type") == "error" else "answered")
                assert len(heard) < 30, heard
            stream.send(f"<a xmlns='{SM}' h='{len(heard)}'/><r xmlns='{SM}'/>")
            while (answer := stream.next()).tag != f"{{{SM}}}a":
                pass
            jid = stream.jid
    lines = read_lines(spy.capture)
    notes = [line["text"] for line in events(lines, "note")]

    assert int(answer.attrib["h"]) == len(stanzas)
    assert sum(note.startswith("script play.py:13: RuntimeError: ") for note in notes) == 1
    assert any(note.startswith(f"{jid} of {DOMAIN}: ") for note in notes)
    assert events(lines, "error") == []
    assert not [line for line in lines if line.get("kind") == "error"]
