"""Carrying out: from a rule that matches a frame to what is added to the verdict on it."""

from dataclasses import replace
from typing import NamedTuple

from xmppspy.intervene.actions import Scene
from xmppspy.intervene.rules import Rule
from xmppspy.intervene.trouble import TroubleError
from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.verdicts import FORWARD, Verdict


class Outcome(NamedTuple):
    """What a rule has come to."""

    verdict: Verdict
    scene: Scene
    """The moment for what comes after it."""
    is_last: bool
    """Whether nothing is left for further rules to look at."""


def carried_out(rule: Rule, scene: Scene) -> Outcome:
    """Carry out a rule, all of it or, where one action cannot be done to the frame, nothing.

    A note says which rule it was, or what was in the way. Never fails.
    """
    verdict, before = FORWARD, scene
    for action in rule.actions:
        try:
            added = action.act(scene)
        except TroubleError as trouble:
            reason = f"{rule.title}, {action}: {trouble}; nothing is done by it"
            return Outcome(Verdict(notes=(reason,)), before, is_last=False)
        verdict, scene = _both(verdict, added, scene)
    if verdict != FORWARD and not all(action.is_silent for action in rule.actions):
        verdict = verdict.then(Verdict(notes=(f"{rule.title}: {rule.words}",)))
    return Outcome(verdict, scene, rule.is_last or verdict.data is None)


def _both(verdict: Verdict, added: Verdict, scene: Scene) -> tuple[Verdict, Scene]:
    """What has been dropped stays so; what has been edited may be edited further."""
    if verdict.data is None:
        return verdict.then(replace(added, data=UNCHANGED)), scene
    if isinstance(added.data, bytes):
        scene = replace(scene, frame=replace(scene.frame, data=added.data))
    return added if verdict is FORWARD else verdict.then(added), scene
