"""The output of `show`: events go in, in the chosen style they come out on a stream.

Imported by the command when it runs, so it may import what it likes.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

import click

from xmppspy.capture.format import Header, encode_header
from xmppspy.cli.styles import Styles
from xmppspy.protocol.events import Event, Fault, FrameRecord
from xmppspy.view.printer import EXPLAINED, SEPARATORS
from xmppspy.view.selection import Shown

if TYPE_CHECKING:
    from xmppspy.analysis.explainer import Explainer, Explanation
    from xmppspy.analysis.lint import Finding, Linter


class Sheet:
    """What events are printed on.

    With `separated`, a mark stands where events were left out; with `live`, each event leaves at
    once, and errors for which the style has no place go to stderr; with `lint`, what is wrong with
    an event stands under it. What is written goes to `onto` where that is given, without the
    header, but looks as on `output`.
    """

    def __init__(
        self,
        output: BinaryIO,
        styles: Styles,
        header: Header | None,
        *,
        separated: bool,
        live: bool,
        lint: bool = False,
        onto: BinaryIO | None = None,
    ) -> None:
        created = None if header is None else header.created
        self._output = onto or output
        self._render = styles.printer(output, created)
        self._linter = _linter() if lint else None
        self._remarks = _remarks(styles, output, created) if lint else None
        self._separator = SEPARATORS[styles.style] if separated else b""
        self._explainer = _explainer() if styles.style in EXPLAINED else None
        self._live = live
        self._only_frames = styles.style in ("raw", "bytes")
        self._place = 0
        if styles.style == "json" and header is not None and onto is None:
            output.write(encode_header(header))

    def has_place_for(self, event: Event) -> bool:
        """Whether the style shows anything of such an event."""
        return not self._only_frames or isinstance(event, FrameRecord)

    @property
    def explains(self) -> bool:
        """Whether anything is shown of an event that depends on those before."""
        return self._explainer is not None

    def explain(self, event: Event) -> "Explanation | None":
        """What is to be shown of an event besides itself. To be asked of every event, in order."""
        return None if self._explainer is None else self._explainer.see(event)

    def judge(self, event: Event) -> "Sequence[Finding]":
        """What is wrong with an event and worth a line. To be asked of every event, in order."""
        if self._linter is None:
            return ()
        return [found for found in self._linter.see(event) if found.severity != "info"]

    def show(self, selected: Iterable[Shown]) -> None:
        """Print what was selected."""
        for place, event, explanation, remarks in selected:
            if self._separator and 0 < self._place < place - 1:
                self._output.write(self._separator)
            self._place = place
            self._output.write(self._render(event, explanation))
            if self._remarks is not None:
                self._output.writelines(self._remarks(found, event) for found in remarks)
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


def _linter() -> "Linter":
    from xmppspy.analysis.lint import Linter

    return Linter()


def _remarks(
    styles: Styles, output: BinaryIO, created: datetime | None
) -> "Callable[[Finding, Event], bytes]":
    from xmppspy.view.findings import Findings

    findings = Findings(styles.look(output, created))
    in_comment = styles.style == "pretty"

    def remark(found: "Finding", under: Event) -> bytes:
        return findings.remark(found, under, in_comment=in_comment).encode()

    return remark
