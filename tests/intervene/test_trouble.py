from xmppspy.intervene.changes import EditError
from xmppspy.intervene.replies import ReplyError
from xmppspy.intervene.trouble import TroubleError


def test_whatever_cannot_be_done_is_trouble() -> None:
    """So that one place makes a note of it."""
    assert issubclass(EditError, TroubleError)
    assert issubclass(ReplyError, TroubleError)
