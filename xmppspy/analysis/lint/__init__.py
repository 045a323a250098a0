"""Lint: what is wrong with the XMPP in a capture, rule by rule."""

from xmppspy.analysis.lint.catalog import RULES, named
from xmppspy.analysis.lint.linter import Linter
from xmppspy.analysis.lint.rule import Finding, Rule, Severity

__all__ = ["RULES", "Finding", "Linter", "Rule", "Severity", "named"]
