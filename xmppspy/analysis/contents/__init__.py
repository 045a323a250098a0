"""Contents: what is carried inside a frame in a form that people cannot read, opened for them."""

from xmppspy.analysis.contents.content import Content
from xmppspy.analysis.contents.opening import contents

__all__ = ["Content", "contents"]
