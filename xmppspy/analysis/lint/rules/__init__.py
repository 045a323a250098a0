"""The families of rules, a module each."""

from typing import Final

from xmppspy.analysis.lint.rules import (
    addressing,
    capabilities,
    endings,
    errors,
    features,
    headers,
    iqs,
    messages,
    pacing,
    payloads,
    presences,
    receipts,
    references,
    restricted_xml,
    rosters,
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
    messages,
    receipts,
    references,
    presences,
    capabilities,
    rosters,
)
