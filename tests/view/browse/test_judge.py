from pathlib import Path

from tests.analysis.scenes import Scene
from tests.view.browse.samples import chat, indexed_scene
from xmppspy.view.browse.records import Flag
from xmppspy.view.browse.things import Judgement


def test_findings_are_kept_at_their_frames(tmp_path: Path) -> None:
    """An iq without an id breaks a rule."""
    scene = Scene()
    scene.logs_in()
    scene.client("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
    with indexed_scene(scene, tmp_path) as found:
        told = found.browser.told(5)
        worst = [each for each in told.judgements if each.severity == "error"]

        assert worst
        assert isinstance(worst[0], Judgement)
        assert worst[0].ref.startswith("RFC 6120")
        assert told.record.flags & Flag.BAD
        assert found.judge.findings >= 1


def test_judge_stays_behind_what_is_explained(tmp_path: Path) -> None:
    """Rows that are not explained yet are left for later."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"mark","text":"x"}\n' * 3)

        assert found.judge.judged == 18
        assert not found.judge.step(18)


def test_conclusion_is_kept_with_the_connection(tmp_path: Path) -> None:
    """What is wrong because nothing more came is found when all is over."""
    scene = Scene()
    scene.logs_in()
    scene.server("<iq type='get' id='p' from='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>")
    scene.client("<presence/>", t=60.0)
    with indexed_scene(scene, tmp_path) as found:
        before = len(found.browser.told(5).judgements)
        found.judge.conclude()
        found.browser.forget()

        assert len(found.browser.told(5).judgements) > before
