"""What `make fuzz` makes: its words, and the inputs that are kept, which are tried in every run."""

import pytest

from fuzz.corpus import load
from fuzz.material import calling, expand, scripts, stanzas, words
from fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_found_among_the_inputs_that_are_kept(target: str) -> None:
    """Each target has some, and bears them all."""
    kept = load(target)
    for script in kept:
        TARGETS[target](script)

    assert kept


def test_a_script_says_what_it_was_made_of() -> None:
    """Every word can be called for, and every stanza is among what a run begins with."""
    assert [expand(calling(word)) for word in words()] == list(words())
    assert {expand(script) for script in scripts()} == set(stanzas())


def test_any_bytes_can_be_said() -> None:
    """Also those that would call for a word."""
    every = bytes(range(256))

    assert expand(calling(every)) == every
