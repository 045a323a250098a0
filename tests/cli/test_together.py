import os
import time
from typing import BinaryIO

import pytest

from xmppspy.capture.portions import Unportionable
from xmppspy.cli import together
from xmppspy.cli.together import divided, helpers


def test_each_writes_into_a_file_of_its_own() -> None:
    """What it has written is there when it has ended, however much that is."""
    works = [lambda file, n=n: file.write(b"%d" % n * 100_000) for n in range(3)]
    with helpers(works) as begun:
        results = [helper.result().read() for helper in begun]

    assert results == [b"0" * 100_000, b"1" * 100_000, b"2" * 100_000]


def _fail(_file: BinaryIO) -> None:
    raise Unportionable


def _break(_file: BinaryIO) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("work", [_fail, _break])
def test_work_that_fails(work: together.Work, capfd: pytest.CaptureFixture[str]) -> None:
    """It has to be done otherwise; nothing is printed about it."""
    with helpers([work]) as begun, pytest.raises(Unportionable):
        begun[0].result()

    assert capfd.readouterr() == ("", "")


def test_nobody_is_left_behind() -> None:
    """A process whose work is not wanted any more is ended, before the block is left."""
    reading, writing = os.pipe()
    with helpers([lambda _file: time.sleep(1000)] * 2):
        os.close(writing)

    assert os.read(reading, 1) == b""  # nobody has the other end any more
    os.close(reading)


def test_one_processor_has_nobody_to_share_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there are no portions."""
    monkeypatch.setattr(together, "_processors", lambda: 1)
    with pytest.raises(Unportionable):
        divided(__file__)
