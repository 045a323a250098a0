from typing import get_args

import pytest

from xmppspy.protocol.verdicts import Drop, Forward, Hold, Replace, Verdict


def test_verdicts_are_values() -> None:
    """Two verdicts that say the same are equal, and can be keys."""
    verdicts = {Forward(), Hold(), Drop(), Replace(b"<a/>"), Replace(b"<a/>", ""), Replace(b"<b/>")}

    assert len(verdicts) == 5
    assert {type(verdict) for verdict in verdicts} == {*get_args(Verdict)}


def test_replacement_has_its_bytes() -> None:
    """What is sent instead has to be said; why may be left out."""
    with pytest.raises(TypeError):
        Replace()  # type: ignore[call-arg]

    assert Replace(b"<a/>").note == ""
