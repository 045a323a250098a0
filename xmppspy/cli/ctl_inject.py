"""The commands of `ctl` that put something into a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from xmppspy.cli.ctl_asking import Asking, asking, given
from xmppspy.cli.quantities import SECONDS, OneOf
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.control.replies import Connections


@click.command(short_help="Put a stanza into a stream.")
@click.argument("what", nargs=-1, metavar="XML|-|FIELD=VALUE...")
@click.option("--conn", type=int, metavar="N", help="The connection; the only one without it.")
@click.option("--to", "to", type=OneOf(["client", "server"]), required=True,
              help="Who gets it.")  # fmt: skip
@click.option("--template", metavar="NAME",
              help="Make it of a template, filled with FIELD=VALUE; see `ctl templates`.")  # fmt: skip
@click.option("--wait", default=0.0, metavar="S", type=SECONDS,
              help="Wait so long for the answer to an iq, and show it.")  # fmt: skip
@click.option("--private", is_flag=True,
              help="Keep the answer from the other side, which never asked.")  # fmt: skip
@click.option("--force", is_flag=True, help="Send it even if it is not well-formed in its stream.")
@asking
def inject(
    asking: Asking,
    what: tuple[str, ...],
    conn: int | None,
    to: str,
    template: str | None,
    wait: float,
    private: bool,
    force: bool,
) -> None:
    """Put XML into the stream towards the client or the server, between two stanzas.

    `-` reads it from standard input. It does not wait behind frames that are held. It has to be well-formed in its stream; an iq without an id
    gets one. Exit code 1 when an answer that was waited for did not come.

    \b
    xmppspy ctl inject --conn 1 --to client "<message from='x@y.example'><body>Boo</body></message>"
    xmppspy ctl inject --to server --template ping to=example.org --wait 5 --private
    """
    from xmppspy.control import replies, requests
    from xmppspy.protocol.events import Side
    from xmppspy.view.interventions import injected as words

    xml, fields = _xml_and_fields(what, template)
    with asking.connect() as control:
        request = requests.Inject(
            conn=_only(control.ask(requests.Connections(), replies.Connections), conn),
            to=Side(to),
            xml=xml,
            template=template,
            fields=fields,
            wait=wait,
            private=private,
            force=force,
        )
        reply = control.ask(request, replies.Injected)
    asking.show(reply, lambda look: words(reply, look))
    if reply.missing:
        click.get_current_context().exit(1)


def _xml_and_fields(
    what: tuple[str, ...], template: str | None
) -> tuple[str | None, dict[str, str]]:
    if template is not None:
        return None, dict(map(_field, what))
    if len(what) != 1:
        raise UsageError("give the XML as one argument, - for standard input, or --template NAME")
    return given(what[0]), {}


def _field(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"{text!r}: write a field of the template as NAME=VALUE")
    return name, value


def _only(open_: Connections, conn: int | None) -> int:
    """The connection that is meant. Raises UsageError."""
    if conn is not None:
        return conn
    found = open_.connections
    if len(found) == 1:
        return found[0].conn
    if not found:
        raise UsageError("no client is connected")
    which = ", ".join(f"{each.conn} ({each.jid or each.client})" for each in found)
    raise UsageError(f"say by --conn N which connection; open: {which}")


@click.command(short_help="What can be injected by name.")
@click.argument("name", required=False)
@asking
def templates(asking: Asking, name: str | None) -> None:
    """List the templates of `ctl inject`, and their fields; NAME tells more of one.

    An equals sign with a text behind it tells the default; what is (needed) has to be given, all
    else may be left out.
    """
    from xmppspy.control import replies, requests
    from xmppspy.view.control import template as words_of_one
    from xmppspy.view.control import templates as words

    reply = asking.ask(requests.Templates(), replies.Templates)
    if name is None:
        asking.show(reply, lambda look: words(reply, look))
        return
    found = next((each for each in reply.templates if each.name == name), None)
    if found is None:
        names = ", ".join(each.name for each in reply.templates)
        raise UsageError(f"there is no template {name}; there are {names}")
    asking.show(found, lambda look: words_of_one(found, look))


COMMANDS: Final = (inject, templates)
"""In the order in which `--help` lists them."""
