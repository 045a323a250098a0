"""Terms: what contexts are made by, and files that cannot be used."""

from pathlib import Path

import pytest

from xmppspy.errors import UsageError
from xmppspy.proxy.terms import Terms, prepare_keylog, read_ca_file


@pytest.mark.parametrize(
    ("oldest", "modern"),
    [("TLSv1", False), ("TLSv1.1", False), ("TLSv1.2", True), ("TLSv1.3", True)],
)
def test_what_is_modern(oldest: str, modern: bool) -> None:
    """TLS 1.2 parts the old from the new."""
    assert Terms(oldest).modern is modern


def test_the_key_log_is_for_its_owner(tmp_path: Path) -> None:
    """A new one is private; one that is there keeps what is in it."""
    path = tmp_path / "keys.log"
    prepare_keylog(path)
    path.write_text("kept\n")
    prepare_keylog(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "kept\n"


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """The option and the file are named."""
    with pytest.raises(UsageError) as caught:
        read_ca_file(tmp_path)

    assert str(caught.value) == f"--upstream-ca {tmp_path}: Is a directory"
