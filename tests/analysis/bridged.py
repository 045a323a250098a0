"""Logins that xmppspy has changed, as a capture holds them: `data` came, `sent` went on."""

from typing import Any, Final

from tests.analysis.sasl.logins import SASL, SASL2, base64
from tests.analysis.scenes import CLIENT_HEADER, JULIET, SERVER_HEADER, Scene
from xmppspy.analysis.sasl.offers import Offer, downgrade_hash
from xmppspy.protocol.events import FrameRecord, Side, TLSEstablished

TYPES: Final = ("tls-exporter", "tls-server-end-point")
PLUS: Final = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
BOUND: Final = "p=tls-exporter,,"
NONCE: Final = "clientnonce"
BOTH: Final = f"{NONCE}servernonce"
FIRST: Final = f"n=juliet,r={NONCE}"
CHALLENGE: Final = f"r={BOTH},s=c2FsdHNhbHQ=,i=10000"
FAST: Final = "xmlns='urn:xmpp:fast:0'"
AGENT: Final = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>"

_CB: Final = "xmlns='urn:xmpp:sasl-cb:0'"


def final(header: str, binding: str, proof: str) -> str:
    """A client's last message of SCRAM."""
    return f"c={base64(header + binding)},r={BOTH},p={base64(proof)}"


def features(mechanisms: tuple[str, ...], types: tuple[str, ...] = TYPES) -> str:
    """What a server offers for SASL."""
    names = "".join(f"<mechanism>{name}</mechanism>" for name in mechanisms)
    each = "".join(f"<channel-binding type='{name}'/>" for name in types)
    listed = f"<sasl-channel-binding {_CB}>{each}</sasl-channel-binding>" if types else ""
    return f"<stream:features><mechanisms {SASL}>{names}</mechanisms>{listed}</stream:features>"


def protections(
    mechanisms: tuple[str, ...], types: tuple[str, ...] | None, version: str = "0304"
) -> str:
    """`h` and `t` for an offer."""
    return f",h={downgrade_hash(Offer(mechanisms, types), 'SCRAM-SHA-256')},t={version}"


def auth(mechanism: str, payload: str) -> str:
    """The beginning of a login."""
    return f"<auth {SASL} mechanism='{mechanism}'>{base64(payload)}</auth>"


def step(kind: str, payload: str) -> str:
    """Any other element."""
    return f"<{kind} {SASL}>{base64(payload)}</{kind}>" if payload else f"<{kind} {SASL}/>"


class Bridged(Scene):
    """A connection whose login passes through xmppspy."""

    def __init__(self, *, client: str = "TLSv1.3", server: str = "TLSv1.3") -> None:
        super().__init__()
        self.opens()
        for leg, version in ((Side.SERVER, server), (Side.CLIENT, client)):
            sni = "capulet.example" if leg is Side.CLIENT else None
            self.add(
                TLSEstablished(
                    t=0.1, conn=1, leg=leg, version=version, cipher="X", alpn="xmpp-client", sni=sni
                )
            )
        self.starts()

    def starts(self) -> None:
        """Both sides send their headers."""
        self.client(CLIENT_HEADER.replace(" to=", " from='juliet@capulet.example' to="))
        n = len(self.events)
        self.server(
            SERVER_HEADER.replace(" from=", f" to='juliet@capulet.example' id='s{n}' from=")
        )

    def up(self, came: str, left: str) -> FrameRecord:
        """What the client said, and what the server got; empty for nothing."""
        return self.client(came, **_sent(came, left))

    def down(self, came: str, left: str) -> FrameRecord:
        """What the server said, and what the client got."""
        return self.server(came, **_sent(came, left))

    def ends_well(self) -> None:
        """After the login of SASL the client binds."""
        self.starts()
        self.server(
            "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
        )
        self.binds(JULIET)
        self.client("</stream:stream>")
        self.server("</stream:stream>")
        self.closes()


def _sent(came: str, left: str) -> dict[str, Any]:
    return {} if left == came else {"sent": left.encode() or None}


def auto() -> Bridged:
    """Bound on both legs, and TLS is older with the client: `h` and `t` are made anew."""
    scene = Bridged(client="TLSv1.2")
    narrow = ("tls-server-end-point",)
    scene.down(features(PLUS), features(PLUS, narrow))
    ends = "p=tls-server-end-point,,"
    scene.up(auth("SCRAM-SHA-256-PLUS", ends + FIRST), auth("SCRAM-SHA-256-PLUS", BOUND + FIRST))
    scene.down(
        step("challenge", CHALLENGE + protections(PLUS, TYPES)),
        step("challenge", CHALLENGE + protections(PLUS, narrow, "0303")),
    )
    scene.up(
        step("response", final(ends, "client leg", "proof of client")),
        step("response", final(BOUND, "server leg", "proof of bridge")),
    )
    scene.down(step("success", "v=c2VydmVy"), step("success", "v=YnJpZGdl"))
    scene.ends_well()
    return scene


def stripped(flag: str = "n") -> Bridged:
    """-PLUS is taken out of the offer; the rest passes."""
    scene = Bridged()
    scene.down(features((*PLUS, "SCRAM-SHA-1")), features(("SCRAM-SHA-256", "SCRAM-SHA-1"), ()))
    scene.client(auth("SCRAM-SHA-256", f"{flag},,{FIRST}"))
    scene.server(step("challenge", CHALLENGE))
    scene.client(step("response", final(f"{flag},,", "", "proof of client")))
    scene.server(step("success", "v=c2VydmVy"))
    scene.ends_well()
    return scene


def plain() -> Bridged:
    """The client shows its password, and xmppspy answers the server."""
    scene = Bridged()
    scene.down(features(PLUS), features(("PLAIN",), ()))
    scene.up(auth("PLAIN", "\0juliet\0R0m30isth3one"), auth("SCRAM-SHA-256-PLUS", BOUND + FIRST))
    scene.down(step("challenge", CHALLENGE + protections(PLUS, TYPES)), "")
    scene.client(step("response", final(BOUND, "server leg", "proof of bridge")), injected=True)
    scene.down(step("success", "v=c2VydmVy"), step("success", ""))
    scene.ends_well()
    return scene


def external() -> Bridged:
    """The client proves its password to xmppspy, which logs in by certificate."""
    scene = Bridged()
    scene.down(features(("EXTERNAL",), ()), features(("EXTERNAL", "SCRAM-SHA-256"), ()))
    scene.up(auth("SCRAM-SHA-256", f"n,,{FIRST}"), "")
    scene.server(step("challenge", CHALLENGE), injected=True)
    scene.up(
        step("response", final("n,,", "", "proof of client")),
        f"<auth {SASL} mechanism='EXTERNAL'>=</auth>",
    )
    scene.down(step("success", ""), step("success", "v=YnJpZGdl"))
    scene.ends_well()
    return scene


def refused() -> Bridged:
    """The client's proof is wrong, and nothing of it has reached the server."""
    scene = Bridged()
    scene.down(features(("EXTERNAL",), ()), features(("EXTERNAL", "SCRAM-SHA-256"), ()))
    scene.up(auth("SCRAM-SHA-256", f"n,,{FIRST}"), "")
    scene.server(step("challenge", CHALLENGE), injected=True)
    scene.up(step("response", final("n,,", "", "wrong proof")), "")
    scene.server(f"<failure {SASL}><not-authorized/></failure>", injected=True)
    scene.client("</stream:stream>")
    scene.server("</stream:stream>")
    scene.closes()
    return scene


def _authenticate(proof: str) -> str:
    message = base64(f"juliet\0{proof}")
    return (
        f"<authenticate {SASL2} mechanism='HT-SHA-256-EXPR'><initial-response>{message}"
        f"</initial-response>{AGENT}<fast {FAST} count='1'/></authenticate>"
    )


def _success2(proof: str) -> str:
    return (
        f"<success {SASL2}><additional-data>{base64(proof)}</additional-data>"
        f"<authorization-identifier>{JULIET}</authorization-identifier>"
        "<bound xmlns='urn:xmpp:bind:0'/></success>"
    )


def fast() -> Bridged:
    """A token that is bound to TLS, proved on both legs."""
    scene = Bridged()
    inline = f"<inline><fast {FAST}><mechanism>HT-SHA-256-EXPR</mechanism></fast></inline>"
    scene.server(
        f"<stream:features><authentication {SASL2}><mechanism>SCRAM-SHA-256</mechanism>{inline}"
        "</authentication></stream:features>"
    )
    scene.up(_authenticate("proof of client"), _authenticate("proof of bridge"))
    scene.down(_success2("answer of server"), _success2("answer of bridge"))
    scene.server("<stream:features/>")
    scene.client("</stream:stream>")
    scene.server("</stream:stream>")
    scene.closes()
    return scene


LOGINS: Final = {
    "auto": auto, "strip": stripped, "plain": plain, "external": external, "refused": refused,
    "fast": fast,
}  # fmt: skip
