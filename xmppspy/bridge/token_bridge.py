"""TokenBridge: a login by a token of FAST (XEP-0484) that is bound to TLS, on both legs."""

from typing import TYPE_CHECKING, Final

from xmppspy.bridge import edits
from xmppspy.bridge.attempt import content_of
from xmppspy.bridge.fast import HashedToken, Tokens
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Ruling, Trouble
from xmppspy.protocol.stanza import read

if TYPE_CHECKING:
    from lxml import etree

FAST: Final = "urn:xmpp:fast:0"


class TokenBridge:
    """The client's proof is for its own TLS; the server gets one for the other.

    `token` is the one that the client has proved to hold.
    """

    def __init__(self, scene: Scene, facts: Facts, method: HashedToken, token: str) -> None:
        self.facts = facts
        facts.bridged, facts.bridged_binding = method.mechanism, method.binding
        self._method, self._token = method, token
        self._tokens = scene.house.tokens
        self._is_last = False  # the client invalidates it by this login (XEP-0484 §3.6)
        self._theirs = scene.bound(Side.CLIENT, method.binding) or b""
        self._ours = scene.bound(Side.SERVER, method.binding) or b""
        self._is_proved = False

    def client(self, frame: Frame) -> Ruling:
        """Prove the token again."""
        fast = _fast(frame, "fast")
        if fast is not None and fast.get("invalidate") in ("true", "1"):
            self._is_last = True
        content = content_of(frame) if frame.kind in ("authenticate", "response") else None
        again = content and self._method.initiator_again(content, self._token, self._ours)
        return self._changed(frame, again) if again else PASS

    def server(self, frame: Frame) -> Ruling:
        """Check the server's proof, and prove it to the client."""
        if frame.kind == "success" and self._is_last:
            self._tokens.forget(self.facts.account, self.facts.mechanism, self._token)
        if frame.kind not in ("success", "continue") or self._is_proved:
            return PASS
        content = content_of(frame) or b""
        again = self._method.responder_again(content, self._token, self._ours, self._theirs)
        if again is None:
            return Ruling(troubles=(_UNPROVED,))
        self._is_proved = True
        return self._changed(frame, again)

    def _changed(self, frame: Frame, content: bytes) -> Ruling:
        return Ruling(edits.with_payload(frame.kind, frame.xmlns, frame.data, content))


class Purse:
    """The tokens that pass on a connection, on their way into the memory of the house."""

    def __init__(self, scene: Scene, tokens: Tokens) -> None:
        self._scene, self._tokens = scene, tokens
        self._wanted = ""  # the mechanism that the client asks a token for

    def asked(self, frame: Frame, facts: Facts) -> None:
        """A login begins: note the mechanism that a token in its success will be for."""
        self._wanted = facts.mechanism if HashedToken.read(facts.mechanism) else ""
        asked = _fast(frame, "request-token")
        if asked is not None:
            self._wanted = asked.get("mechanism") or ""

    def given(self, frame: Frame, facts: Facts) -> None:
        """A login has succeeded, perhaps with a token for the next one."""
        token = _fast(frame, "token")
        if token is not None and self._wanted and facts.account:
            self._tokens.remember(facts.account, self._wanted, token.get("token") or "")

    def find(self, frame: Frame, facts: Facts) -> TokenBridge | None:
        """The bridge for a login by a token that is known here, where it has to be bridged."""
        method, content = HashedToken.read(facts.mechanism), content_of(frame)
        if method is None or not method.binding or content is None:
            return None
        theirs = self._scene.bound(Side.CLIENT, method.binding)
        if theirs is None or self._scene.bound(Side.SERVER, method.binding) is None:
            return None
        token = self._tokens.find(facts.account, facts.mechanism, content, theirs)
        return None if token is None else TokenBridge(self._scene, facts, method, token)


def _fast(frame: Frame, name: str) -> "etree._Element | None":
    """A child of an element, in FAST's namespace."""
    tree = read(frame).tree if FAST in frame.ns else None
    return None if tree is None else tree.find(f"{{{FAST}}}{name}")


def authcid(frame: Frame, mechanism: str) -> str:
    """The user name of a login by a token; empty where it cannot be told."""
    method, content = HashedToken.read(mechanism), content_of(frame)
    said = method.read_initiator(content) if method and content else None
    return "" if said is None else said.authcid


_UNPROVED: Final = Trouble(
    "server-unproved",
    "the server let the client in without proving that it knows the token: what it said goes on "
    "as it is, so that the client can notice (XEP-0484)",
)
