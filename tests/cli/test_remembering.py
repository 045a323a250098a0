from pathlib import Path

from xmppspy.cli.remembering import File


def test_what_was_typed_is_there_the_next_day(tmp_path: Path) -> None:
    """In a file for its owner only."""
    folder = tmp_path / "xmppspy"
    memory = File(folder)
    memory.remember("filter", "iq")
    memory.remember("search", "romeo")
    memory.save("iq type:error", saved=True)
    again = File(folder)
    (file,) = folder.iterdir()

    assert list(again.recent("filter")) == ["iq"]
    assert list(again.recent("search")) == ["romeo"]
    assert list(again.saved()) == ["iq type:error"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_two_views_remember_together(tmp_path: Path) -> None:
    """What the other one has written is not lost."""
    one, other = File(tmp_path), File(tmp_path)
    one.remember("filter", "iq")
    other.remember("filter", "message")
    one.save("presence", saved=True)

    assert list(one.recent("filter")) == ["message", "iq"]
    assert list(File(tmp_path).saved()) == ["presence"]


def test_passwords_are_not_written(tmp_path: Path) -> None:
    """A stanza with one is known for as long as the view is there."""
    secret = "<iq type='set'><query xmlns='jabber:iq:register'><password>p4</password></query></iq>"
    memory = File(tmp_path)
    for text in ("<presence/>", secret, "<r/>", secret):
        memory.remember("sent", text)

    assert list(memory.recent("sent")) == [secret, "<r/>", "<presence/>"]
    assert list(File(tmp_path).recent("sent")) == ["<r/>", "<presence/>"]
    assert "p4" not in (tmp_path / "typed.json").read_text()


def test_broken_file_is_no_trouble(tmp_path: Path) -> None:
    """It is begun anew."""
    for data in (b"{", b"[]", b'{"filter":[1,"iq"],"saved":3}'):
        (tmp_path / "typed.json").write_bytes(data)
        memory = File(tmp_path)
        assert list(memory.saved()) == []
    memory.remember("filter", "message")

    assert list(File(tmp_path).recent("filter")) == ["message"]


def test_where_nothing_can_be_written_it_is_forgotten_at_the_end(tmp_path: Path) -> None:
    """Nothing fails."""
    (tmp_path / "file").touch()
    memory, later = (File(tmp_path / "file" / "folder") for _ in range(2))
    memory.remember("filter", "iq")

    assert list(memory.recent("filter")) == ["iq"]
    assert list(later.recent("filter")) == []
