"""XMLArea: where a person writes XML, in colours, with the place that is wrong."""

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from xmppspy.protocol.tokens import ATTRIBUTE, tokens
from xmppspy.view.tui.scheme import Inks

_INKS: Final = {
    "start": "tag", "end": "tag", "empty": "tag", "comment": "comment", "pi": "comment",
    "cdata": "value", "rest": "error",
}  # fmt: skip
_THEME: Final = "xmppspy"
_REVERSE: Final = Style(reverse=True)


class XMLArea(TextArea):
    """A text area for XML. `flaw` is the offset of what is wrong, None for nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "first", "to the beginning", show=False),
        Binding("ctrl+end", "last", "to the end", show=False),
    ]
    DEFAULT_CSS = "XMLArea, XMLArea:focus { border: none; padding: 0 1; height: 1fr; width: 1fr; }"

    def __init__(self, inks: Inks, text: str = "") -> None:
        super().__init__(text, id="xml", highlight_cursor_line=False)
        self._inks = inks
        self._painted = ""
        self._spans: dict[int, list[tuple[int, int, str]]] = {}
        self._flaw: tuple[int, int] | None = None
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.register_theme(_theme(inks))
        self.theme = _THEME

    def action_first(self) -> None:
        """Put the cursor before everything."""
        self.move_cursor((0, 0))

    def action_last(self) -> None:
        """Put the cursor behind everything."""
        self.move_cursor(self.document.end)

    def point_at(self, flaw: int | None) -> None:
        """Let the place of a mistake stand out, by its offset; or none."""
        place = None if flaw is None else _place(self.text, flaw)
        if place != self._flaw:
            self._flaw = place
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """A line in colours."""
        line = super().get_line(line_index)
        self._paint()
        for start, stop, ink in self._spans.get(line_index, ()):
            line.stylize(self._inks.style(ink), start, stop)
        if self._flaw is not None and self._flaw[0] == line_index:
            column = min(self._flaw[1], max(len(line) - 1, 0))
            line.stylize(self._inks.style("escape"), column, column + 1)
        return line

    def _paint(self) -> None:
        """Find the colours of the text, if it is another than before."""
        text = self.text
        if text == self._painted:
            return
        self._painted = text
        self._spans = {}
        row = column = 0
        for ink, piece in pieces(text):
            for at, part in enumerate(piece.split("\n")):
                if at:
                    row, column = row + 1, 0
                if part:
                    self._spans.setdefault(row, []).append((column, column + len(part), ink))
                column += len(part)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """All of a text that may be XML, in pieces, each with the name of its ink."""
    data = text.encode(errors="surrogatepass")
    for token in tokens(data):
        piece = data[token.start : token.stop]
        if token.kind in ("start", "empty"):
            yield from _tag(piece)
        else:
            yield _INKS.get(token.kind, "text"), piece.decode(errors="surrogatepass")


def _tag(tag: bytes) -> Iterator[tuple[str, str]]:
    at = 0
    for match in ATTRIBUTE.finditer(tag):
        name = match[1]
        value = match.start(2) - 1 if match[2] is not None else match.start(3) - 1
        yield "tag", tag[at : match.start()].decode(errors="surrogatepass")
        yield "attribute", tag[match.start() : value].decode(errors="surrogatepass")
        is_namespace = name.startswith(b"xmlns")
        ink = "namespace" if is_namespace else "value"
        yield ink, tag[value : match.end()].decode(errors="surrogatepass")
        at = match.end()
    yield "tag", tag[at:].decode(errors="surrogatepass")


def _place(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n"), len(before) - (before.rfind("\n") + 1)


def _theme(inks: Inks) -> TextAreaTheme:
    return TextAreaTheme(
        _THEME,
        base_style=inks.style("text"),
        cursor_style=inks.style("text") + _REVERSE,
        selection_style=inks.style("text", "chosen"),
    )
