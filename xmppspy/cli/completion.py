"""What a shell is told when somebody presses Tab: filters and files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_SEPARATORS = (":", "=")
"""What bash takes words apart at (COMP_WORDBREAKS), of what is in a filter."""


def filters(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Terms of the filter language, for arguments and options that are filters."""
    from click.shell_completion import CompletionItem

    from xmppspy.filters.completion import completions

    before = ctx.params.get(param.name or "") or ()
    typed = _joined((before,) if isinstance(before, str) else before, incomplete)
    # Bash replaces only what stands behind the last separator.
    kept = len(typed) - (0 if incomplete in _SEPARATORS else len(incomplete))
    return [
        CompletionItem(found.text[kept:], help=found.help)
        for found in completions(typed)
        if len(found.text) > kept
    ]


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Files, which the shell knows best."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _joined(before: Sequence[str], incomplete: str) -> str:
    """The whole term that is typed: bash hands `kind:iq` over as three words."""
    words, whole = list(before), incomplete
    while words and (whole.startswith(_SEPARATORS) or words[-1] in _SEPARATORS):
        whole = words.pop() + whole
    return whole
