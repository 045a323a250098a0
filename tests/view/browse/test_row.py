import pickle
import subprocess
import sys

from xmppspy.view.browse.row import Row


def test_row_can_be_sent() -> None:
    """It goes from one process to another as it is."""
    row = Row(1.5, 1, "c2s", ("kind", "iq get"), (("text", "roster"),), "", (), "me", "", 9, 0)

    assert pickle.loads(pickle.dumps(row)) == row  # noqa: S301 - made here


def test_row_needs_little() -> None:
    """Who shows rows does without what reads and explains them."""
    program = "import sys, xmppspy.view.browse.row; print('lxml' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert run.stdout == b"False\n"
