"""The families of rules, a module each."""

from typing import Final

from xmppspy.analysis.lint.rules import (
    addressing,
    endings,
    errors,
    features,
    headers,
    iqs,
    pacing,
    payloads,
    restricted_xml,
)

FAMILIES: Final = (
    headers,
    features,
    endings,
    restricted_xml,
    pacing,
    iqs,
    errors,
    addressing,
    payloads,
)
