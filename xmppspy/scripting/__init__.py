"""Scripts: what a person's own Python decides about stanzas, in a process of its own.

    from xmppspy.scripting import Session, Stanza, Verdict

    def stanza(s: Stanza, session: Session) -> Verdict | None:
        if s.match("message body:wherefore"):
            return s.delay(2).note("slow")

These three names are for scripts, and stable. The rest of the room is the process that a proxy starts
for its script: `worker` is its main loop, `messages` what the two say to each other.
"""

from xmppspy.scripting.session import Session
from xmppspy.scripting.stanza import Stanza
from xmppspy.scripting.verdict import Verdict

__all__ = ["Session", "Stanza", "Verdict"]
