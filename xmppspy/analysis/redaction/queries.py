"""Queries: secrets among the parameters of URIs, wherever a URI may stand."""

import re
from typing import Final

from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.rules import QUERY_PASSWORDS, QUERY_TOKENS

_TAIL: Final = 32
_NOT_THE_BEGINNING: Final = b"-"
_OPEN: Final = b"?token=*"
_PARAMETER: Final = re.compile(
    r"(?:[?;&#]|%3[BbFf]|%2[63]|^)(?:amp;)?(?i:({})|{})(?:=|%3[Dd])"
    r"((?:[^;&\s<>\"'#%]|&#[0-9A-Fa-fx]*+;?|%(?!3[Bb]|26|23))+)".format(
        "|".join(QUERY_PASSWORDS), "|".join(QUERY_TOKENS)
    ).encode()
)


def masked(raw: bytes, masks: Masks, tail: bytes = b"") -> bytes:
    """A text in which the values of secret parameters are masked; `tail` is what stood before."""
    if b"=" not in raw and b"%3" not in raw and not tail:
        return raw
    text, parts, at = tail + raw, [], len(tail)
    for match in _PARAMETER.finditer(text):
        start, stop = match.span(2)
        if stop <= at:
            continue
        value = text[max(start, at) : stop]
        is_token = start >= at and not match[1]
        parts += [text[at : max(start, at)], masks.token(value) if is_token else masks.stars(value)]
        at = stop
    return b"".join((*parts, text[at:]))


def tail_of(raw: bytes, tail: bytes = b"") -> bytes:
    """What has to be known of a text to read its continuation: a value may go on there."""
    text = tail + raw
    for match in _PARAMETER.finditer(text):
        if match.end() == len(text):
            return _OPEN
    return text if len(text) <= _TAIL else _NOT_THE_BEGINNING + text[-_TAIL:]
