"""The families of rules, a module each."""

from typing import Final

from xmppspy.analysis.lint.rules import endings, features, headers, pacing, restricted_xml

FAMILIES: Final = (headers, features, endings, restricted_xml, pacing)
