"""Logins: what clients and servers say of SASL, made of payloads."""

from base64 import b64encode

from tests.analysis.scenes import Scene
from xmppspy.analysis.sasl import SaslStep, SaslTracker, decode
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side, TLSEstablished

SASL = f"xmlns='{ns.SASL}'"
SASL2 = f"xmlns='{ns.SASL2}'"


def base64(payload: str | bytes) -> str:
    """As it stands in an element."""
    return b64encode(payload.encode() if isinstance(payload, str) else payload).decode()


def alone(xml: str) -> SaslStep:
    """One element, opened without what was before."""
    step = decode(Scene().client(xml))
    assert step is not None
    return step


def auth(mechanism: str, payload: str | bytes) -> SaslStep:
    """A client's first message, opened."""
    return alone(f"<auth {SASL} mechanism='{mechanism}'>{base64(payload)}</auth>")


class Login:
    """A connection on which somebody logs in; what is said is opened at once."""

    def __init__(self) -> None:
        self._scene = Scene()
        self._tracker = SaslTracker()

    def tls(self, leg: Side, version: str) -> None:
        """A leg's handshake is complete."""
        event = TLSEstablished(t=0, conn=1, leg=leg, version=version, cipher="X")
        assert self._tracker.see(event) is None

    def offers(self, *mechanisms: str, bindings: tuple[str, ...] | None = None) -> None:
        """Stream features with SASL's mechanisms, and others inside SASL2."""
        names = "".join(f"<mechanism>{name}</mechanism>" for name in mechanisms)
        types = ""
        if bindings is not None:
            each = "".join(f"<channel-binding type='{name}'/>" for name in bindings)
            types = (
                f"<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>{each}</sasl-channel-binding>"
            )
        self.features(f"<mechanisms {SASL}>{names}</mechanisms>{types}")

    def features(self, inside: str) -> None:
        """Stream features."""
        record = self._scene.server(f"<stream:features>{inside}</stream:features>")
        assert self._tracker.see(record) is None

    def client(self, xml: str) -> SaslStep:
        """An element of the client's."""
        step = self._tracker.see(self._scene.client(xml))
        assert step is not None
        return step

    def server(self, xml: str) -> SaslStep:
        """An element of the server's."""
        step = self._tracker.see(self._scene.server(xml))
        assert step is not None
        return step

    def auth(self, mechanism: str, payload: str | bytes) -> SaslStep:
        """The client begins."""
        return self.client(f"<auth {SASL} mechanism='{mechanism}'>{base64(payload)}</auth>")

    def challenge(self, payload: str | bytes) -> SaslStep:
        """The server goes on."""
        return self.server(f"<challenge {SASL}>{base64(payload)}</challenge>")

    def response(self, payload: str | bytes) -> SaslStep:
        """The client goes on."""
        return self.client(f"<response {SASL}>{base64(payload)}</response>")

    def success(self, payload: str | bytes) -> SaslStep:
        """The server ends it well."""
        return self.server(f"<success {SASL}>{base64(payload)}</success>")
