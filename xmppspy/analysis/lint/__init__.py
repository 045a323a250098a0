"""Lint: what is wrong with the XMPP in a capture, rule by rule."""

from xmppspy.analysis.lint.catalog import RULES, named
from xmppspy.analysis.lint.finding import Finding, Severity
from xmppspy.analysis.lint.linter import Linter
from xmppspy.analysis.lint.rule import Rule

__all__ = ["RULES", "Finding", "Linter", "Rule", "Severity", "named"]
