"""What actions do, as they are written in a rules file."""

import tomllib
from random import Random

from tests.intervene.frames import ids_of, record
from xmppspy.intervene.actions import Action, Scene
from xmppspy.intervene.forms import read_action
from xmppspy.intervene.kinds import Source
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.verdicts import Verdict

FILES = {
    "broken.xml": "<iq>",
    "push.xml": "<?xml version='1.0'?>\n<iq id='{unique}' type='set'/>\n<r xmlns='urn:xmpp:sm:3'/>\n",
}


def load(name: str) -> str:
    """A file beside the rules."""
    if name == "latin.xml":
        return b"\xfc".decode()
    if name not in FILES:
        raise FileNotFoundError(2, "No such file or directory", name)
    return FILES[name]


def action(toml: str) -> Action:
    """The action that stands in a rules file."""
    return read_action(tomllib.loads(f"action = {toml}")["action"], Source(load))


def scene(frame: FrameRecord) -> Scene:
    """A moment at which chance takes its usual course."""
    dice = Random(1)  # noqa: S311 - it is to be repeatable
    return Scene(frame, frame, DEFAULT_CONTEXT, lambda: dice, ids_of(1))


def done(toml: str, xml: str | FrameRecord = "<message/>") -> Verdict:
    """What an action adds to the verdict on a frame of a client."""
    frame = record(xml) if isinstance(xml, str) else xml
    return action(toml).act(scene(frame))
