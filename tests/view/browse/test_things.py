import pickle

from xmppspy.view.browse.things import STATES, Judgement, Moment, Setting, Stream


def test_setting_learns_headers() -> None:
    """Each direction has a header of its own, or none."""
    setting = Setting().begin("c2s", b"<a>").begin("s2c", b"<b>").begin("c2s", b"<c>")

    assert setting.headers == {"c2s": b"<c>", "s2c": b"<b>"}
    assert Setting().headers == {}


def test_things_can_be_kept() -> None:
    """They come back from bytes as they were."""
    things = [Setting(), Moment(1.5), Stream("(stream 2)"), Judgement("error", "S1", "m", "r")]

    assert pickle.loads(pickle.dumps(things)) == things  # noqa: S301 - made here


def test_states_have_places() -> None:
    """Few enough to be a byte, and none twice."""
    assert len(set(STATES)) == len(STATES) < 255
