"""What is said of words and fields that the language does not know."""

from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

from xmppspy.filters.vocabulary import FIELDS, KEYWORDS, WORDS

_PROSE: Final = ("body", "text", "raw")
"""Fields whose values often have spaces."""


class Complaint(NamedTuple):
    """The reason and the hint of a `FilterError`."""

    reason: str
    hint: str


def printable(text: str) -> str:
    """The text, as long as it was, without what would disturb a terminal or the caret's place."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def unknown_word(word: str, before: str) -> Complaint:
    """About a bare word that is none; `before` is `field:"value` if such a term precedes it."""
    if word in FIELDS:
        return Complaint(f"{word} is a field", f"write {FIELDS[word].example}")
    guesses = []
    if before.startswith(_PROSE):
        guesses.append(f'a value with spaces is quoted: {before} {word}";')
    if "@" in word:
        guesses.append(f"addresses are found by jid:{word};")
    elif nearest := _nearest(word, (*WORDS, *KEYWORDS, *FIELDS)):
        guesses.append(f"did you mean {nearest}?")
    known = f"known: {' '.join(WORDS)}; any other element: kind:NAME"
    return Complaint(f"unknown word {word}", " ".join((*guesses, known)))


def unknown_field(name: str) -> Complaint:
    """About what stands before an operator and is no field."""
    if name in WORDS:
        return Complaint(f"{name} is a word and takes no value", _known_fields(""))
    return Complaint(f"unknown field {name}", _known_fields(_nearest(name, (*FIELDS,))))


def wrong_operator(name: str, operator: str) -> Complaint:
    """About an operator that a field does not take."""
    field = FIELDS[name]
    taken = " ".join(field.operators)
    return Complaint(f"{name} does not take {operator}", f"only {taken}, such as {field.example}")


def _known_fields(nearest: str) -> str:
    meant = f"did you mean {nearest}? " if nearest else ""
    return f"{meant}known: {' '.join(FIELDS)}"


@lru_cache(maxsize=64)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    """A text is read anew for each of its arguments, and while it is typed: the words come again."""
    return next(iter(get_close_matches(word.lower(), known, 1)), "")
