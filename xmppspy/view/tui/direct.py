"""Direct: a widget whose lines go to the screen as they are painted."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from xmppspy.view.tui.scheme import Inks


class Direct(Widget):
    """Does without borders, tints and the like, for these cost more than painting the lines.

    A class that is one has to paint whole lines in `render_line`, in the styles of `inks`.
    """

    inks: Inks

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region of what is seen."""
        if self.inks.scheme.is_plain:
            return super().render_lines(crop)
        start, end = crop.column_span
        return [self.render_line(y).crop(start, end) for y in crop.line_range]
