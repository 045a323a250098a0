import gc
from weakref import ref

from xmppspy.protocol.ledger import Ledger
from xmppspy.protocol.registers import MAX_ID, MOST, Entry, Registers


class Connection:
    """A connection that carries a session."""

    def __init__(self) -> None:
        self.has_let_go = False

    def let_go(self) -> None:
        """Another one carries it."""
        self.has_let_go = True


def entry_of(connection: Connection) -> Entry:
    """The ledgers of the session that a connection carries."""
    return Entry(Ledger(), Ledger(), ref(connection))


def test_what_was_put_is_found() -> None:
    """By its name, until it is forgotten; forgetting what is not there does no harm."""
    registers, connection = Registers(), Connection()
    entry = entry_of(connection)
    registers.put("one", entry)
    found = (registers.find("one"), registers.find("two"))
    registers.forget("one")
    registers.forget("one")

    assert found == (entry, None)
    assert registers.find("one") is None


def test_names_that_are_none() -> None:
    """A session without a name, or with one that is longer than any, is not remembered."""
    registers, connection = Registers(), Connection()
    for name in ("", "x" * MAX_ID, "x" * (MAX_ID + 1)):
        registers.put(name, entry_of(connection))
    lengths = (0, MAX_ID, MAX_ID + 1)

    assert [registers.find("x" * size) is not None for size in lengths] == [False, True, False]


def test_sessions_are_bounded() -> None:
    """Those that were named longest ago are forgotten first."""
    registers, connection = Registers(), Connection()
    for number in range(MOST):
        registers.put(str(number), entry_of(connection))
    registers.put("0", entry_of(connection))
    registers.put("new", entry_of(connection))
    names = ("0", "1", "2", "new")

    assert [registers.find(name) is not None for name in names] == [True, False, True, True]


def test_session_changes_hands() -> None:
    """The one that carried it lets go, unless it is the same one, or is no more."""
    first, second, third = Connection(), Connection(), Connection()
    entry = entry_of(first)
    entry.hand_over(first)
    kept = first.has_let_go
    entry.hand_over(second)
    del second
    gc.collect()
    entry.hand_over(third)

    assert (kept, first.has_let_go, third.has_let_go) == (False, True, False)
    assert entry.carrier() is third
