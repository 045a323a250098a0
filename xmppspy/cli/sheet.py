"""The output of `show`: events go in, in the chosen style they come out on a stream.

Imported by the command when it runs, so it may import what it likes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

import click

from xmppspy.capture.format import Header, encode_header
from xmppspy.cli.styles import Styles
from xmppspy.protocol.events import Event, Fault, FrameRecord
from xmppspy.view.printer import EXPLAINED, SEPARATORS
from xmppspy.view.selection import Shown

if TYPE_CHECKING:
    from xmppspy.analysis.explainer import Explainer, Explanation


class Sheet:
    """What events are printed on.

    With `separated`, a mark stands where events were left out; with `live`, each event leaves at
    once, and errors for which the style has no place go to stderr.
    """

    def __init__(
        self,
        output: BinaryIO,
        styles: Styles,
        header: Header | None,
        *,
        separated: bool,
        live: bool,
    ) -> None:
        self._output = output
        self._render = styles.printer(output, None if header is None else header.created)
        self._separator = SEPARATORS[styles.style] if separated else b""
        self._explainer = _explainer() if styles.style in EXPLAINED else None
        self._live = live
        self._only_frames = styles.style in ("raw", "bytes")
        self._place = 0
        if styles.style == "json" and header is not None:
            output.write(encode_header(header))

    def has_place_for(self, event: Event) -> bool:
        """Whether the style shows anything of such an event."""
        return not self._only_frames or isinstance(event, FrameRecord)

    def explain(self, event: Event) -> "Explanation | None":
        """What is to be shown of an event besides itself. To be asked of every event, in order."""
        return None if self._explainer is None else self._explainer.see(event)

    def show(self, selected: Iterable[Shown]) -> None:
        """Print what was selected."""
        for place, event, explanation in selected:
            if self._separator and 0 < self._place < place - 1:
                self._output.write(self._separator)
            self._place = place
            self._output.write(self._render(event, explanation))
            if self._live:
                self._output.flush()

    def warn(self, event: Event) -> None:
        """Say an error on stderr, if the style has no place for it."""
        if isinstance(event, Fault) and not self.has_place_for(event):
            from xmppspy.view.brief import Brief
            from xmppspy.view.look import Look

            click.echo(Brief(Look())(event), err=True, nl=False)


def _explainer() -> "Explainer":
    from xmppspy.analysis.explainer import Explainer

    return Explainer()
