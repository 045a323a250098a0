"""How the families of payloads say which elements they describe, and how."""

import re
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final, NamedTuple, TypeAlias

from xmppspy.analysis.summary.setting import Setting
from xmppspy.protocol.readable import Element

Describer: TypeAlias = Callable[[Element, Setting], str]
"""Puts an element into a few words, behind its topic. Harmless text, possibly none."""

_VERSION: Final = re.compile(r"(?::\d+(?:\.\d+)*)+\}")


class Role(Enum):
    """What a payload does for its stanza."""

    LEAD = auto()
    """The stanza is about it."""
    INSTEAD = auto()
    """The same, and the stanza's text is but a fallback for those who do not know it."""
    BEFORE = auto()
    """It says what the stanza's text is: an edit, an answer."""
    STATE = auto()
    """The stanza is about it when nothing else is there."""
    FLAG = auto()
    """It goes along; named in brackets."""


class Entry(NamedTuple):
    """How to describe an element: `topic` names it, `describe` says the rest."""

    topic: str
    describe: Describer
    role: Role = Role.LEAD


Table: TypeAlias = Mapping[str, Entry]
"""Entries by `family(tag)` of their elements."""


def family(tag: str) -> str:
    """A tag `{namespace}name` without the version at the end of its namespace."""
    return _VERSION.sub("}", tag, count=1)


def nothing(_element: Element, _setting: Setting) -> str:
    """The describer of elements whose topic says it all."""
    return ""


def flag(describe: Describer | str) -> Entry:
    """The entry of an element that goes along, by its words or what finds them."""
    if isinstance(describe, str):
        return Entry(describe, nothing, Role.FLAG)
    return Entry("", describe, Role.FLAG)


def said(topic: str) -> Entry:
    """The entry of an element that is described by one word."""
    return Entry(topic, nothing)
