"""Rules about what no capture holds yet."""

from xmppspy.analysis.lint.finding import Severity
from xmppspy.analysis.lint.rule import Rule

B01 = Rule(
    "B01", Severity.ERROR, "XEP-0124 §9, XEP-0206",
    "a BOSH request out of order or without its session, text in a body, a missing namespace",
    unseen="captures hold XMPP streams over TCP; HTTP requests and the BOSH bodies in them are not "
    "recorded",
)  # fmt: skip

W01 = Rule(
    "W01", Severity.ERROR, "RFC 7395 §3",
    "several elements in a WebSocket message, a missing namespace, a binary frame, no subprotocol",
    unseen="captures hold XMPP streams over TCP; the handshake and the frames of WebSocket are not "
    "recorded",
)  # fmt: skip
