import pickle
import subprocess
import sys

from xmppspy.view.browse.messages import Found, Look, Needle, Progress


def test_messages_can_be_sent() -> None:
    """They go from one process to another as they are."""
    sent = [
        Progress(rows=3, touched=(1,)),
        Found(slot="filter", number=1, is_before=False, rows=b"", looked=3),
        Look(slot="search", number=2, start=0, text="iq", needle=Needle("x"), created=None),
    ]

    assert pickle.loads(pickle.dumps(sent)) == sent  # noqa: S301 - made here


def test_messages_need_little() -> None:
    """They are there before the first screen, which waits for nothing big."""
    program = "import sys, xmppspy.view.browse.messages; print('lxml' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert run.stdout == b"False\n"
