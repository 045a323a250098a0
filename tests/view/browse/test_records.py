import os
from array import array
from collections.abc import Iterator

import pytest

from xmppspy.capture.body import unnamed_file
from xmppspy.view.browse.records import Flag, Record, Records, RecordWriter

ROWS = 20_000


@pytest.fixture
def file() -> Iterator[int]:
    """A file for records."""
    made = unnamed_file()
    yield made
    os.close(made)


def written(file: int, rows: int = 3) -> tuple[RecordWriter, Records]:
    """Records of lines of ten bytes, and who reads them."""
    writer = RecordWriter(file)
    writer.append(array("Q", range(0, rows * 10, 10)), rows * 10)
    reader = Records(file)
    reader.rows = rows
    return writer, reader


def test_new_row_says_where_its_line_is(file: int) -> None:
    """Nothing else is known of it."""
    _, reader = written(file)

    assert reader.get(1) == Record(10, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert reader.get(1).latency is None


def test_behind_the_last_record_stands_the_end(file: int) -> None:
    """So every line has a beginning and an end, also after more were added."""
    writer, reader = written(file)
    before = reader.offsets(0, 3)
    writer.append(array("Q", [30, 47]), 60)

    assert before == [0, 10, 20, 30]
    assert reader.offsets(2, 5) == [20, 30, 47, 60] == writer.offsets(2, 5)


def test_many_rows_are_kept(file: int) -> None:
    """The file grows with the capture, and what was written before stays."""
    writer, reader = written(file)
    writer.describe(1, 7, 2, 3, Flag.ERROR)
    writer.append(array("Q", range(30, ROWS * 10, 10)), ROWS * 10)

    assert writer.rows == ROWS
    assert reader.get(1).n == 7
    assert reader.get(ROWS - 1).offset == (ROWS - 1) * 10


def test_what_is_known_is_kept(file: int) -> None:
    """Each part of a record is written without touching the others."""
    writer, reader = written(file)
    writer.describe(1, 7, 2, 3, Flag.ERROR)
    writer.answer(1, 2, 0.25)
    writer.pair(0, 1)
    writer.acknowledge(1, 2)
    writer.tell(1, 9)
    writer.add_flags(1, Flag.MARKED)
    record = reader.get(1)

    assert record == writer.get(1)
    assert record == Record(10, 7, 1, 3, 3, 9, 2, 250_001, Flag.ERROR | Flag.MARKED, 2)
    assert record.latency == 0.25
    assert reader.get(0).partner == 2
    assert writer.told(1) == 9


def test_claim_is_one_sided(file: int) -> None:
    """A row may point at another that does not point back."""
    writer, reader = written(file)
    writer.point(2, 0)

    assert (reader.get(2).partner, reader.get(0).partner) == (1, 0)


def test_flags_can_be_taken_back(file: int) -> None:
    """Others stay."""
    writer, reader = written(file)
    writer.add_flags(0, Flag.MARKED | Flag.ERROR)
    writer.remove_flags(0, Flag.MARKED)

    assert reader.get(0).flags == Flag.ERROR


@pytest.mark.parametrize(("seconds", "kept"), [(0.0, 0.0), (1e-6, 1e-6), (1e6, 4294.967294)])
def test_latency_is_kept_to_the_microsecond(file: int, seconds: float, kept: float) -> None:
    """An hour and more is cut."""
    writer, reader = written(file)
    writer.answer(0, 1, seconds)

    assert reader.get(0).latency == kept


def test_answer_without_latency(file: int) -> None:
    """An answer to nothing has a state only."""
    writer, reader = written(file)
    writer.answer(0, 5, None)

    assert (reader.get(0).state, reader.get(0).latency) == (5, None)


def test_frames_are_found_by_their_numbers(file: int) -> None:
    """Events have the number of the frame before; the frame itself is found."""
    writer, reader = written(file, 6)
    for row, n in enumerate((0, 1, 1, 1, 4, 5)):
        writer.describe(row, n, 0, 0, 0)

    assert [reader.row_of(n, 6) for n in (1, 4, 5, 2, 6)] == [1, 4, 5, None, None]
    assert writer.row_of(4) == 4


def test_rows_are_found_by_their_flags(file: int) -> None:
    """Forward and backward, over any number of rows, with flags in both bytes."""
    writer, reader = written(file, ROWS)
    for row in (0, 5, 16_384, ROWS - 1):
        writer.add_flags(row, Flag.ERROR)
    writer.add_flags(7, Flag.BAD)
    errors = list(reader.flagged(Flag.ERROR, 0, ROWS))

    assert errors == [0, 5, 16_384, ROWS - 1]
    assert list(reader.flagged(Flag.ERROR | Flag.BAD, 1, 100)) == [5, 7]
    assert list(reader.flagged(Flag.MARKED, 0, ROWS)) == []
    assert list(reader.flagged_before(Flag.ERROR, ROWS - 1)) == [16_384, 5, 0]


def test_settings_of_rows(file: int) -> None:
    """Connections with the links to what is known of them."""
    writer, reader = written(file)
    for row in range(3):
        writer.describe(row, row, row + 10, row + 20, 0)

    assert list(reader.settings(1, 3)) == [(11, 21), (12, 22)]
    assert list(reader.settings(3, 1)) == []
