"""Every field and word of the language, by name."""

from collections.abc import Mapping
from typing import Final

from xmppspy.filters import content, keys, numbers
from xmppspy.filters.atoms import Field
from xmppspy.filters.words import WORDS

__all__ = ["FIELDS", "KEYWORDS", "WORDS"]

FIELDS: Final[Mapping[str, Field]] = {
    field.name: field for field in (*keys.FIELDS, *content.FIELDS, *numbers.FIELDS)
}

KEYWORDS: Final = ("and", "or", "not")
