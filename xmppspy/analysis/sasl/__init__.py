"""SASL opened for display: what the payloads of SASL and SASL2 say, and never their secrets."""

from xmppspy.analysis.sasl.steps import Field, SaslStep
from xmppspy.analysis.sasl.tracker import SaslTracker, decode

__all__ = ["Field", "SaslStep", "SaslTracker", "decode"]
