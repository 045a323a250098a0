"""What a running proxy tells by its control socket, as a person reads it."""

from typing import Final

from xmppspy.control import replies
from xmppspy.protocol.events import Side
from xmppspy.view.columns import Column, table
from xmppspy.view.look import Look

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_EXACT: Final = 10.0


def span(seconds: float) -> str:
    """How long: `3.2 s`, `48 s`, `5 min`, `2 h 05`, `3 d`."""
    if seconds < _EXACT:
        return f"{seconds:.1f} s"
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:02.0f}"
    return f"{seconds // _DAY:.0f} d"


def status(told: replies.Status, look: Look) -> str:
    """What the proxy is, serves and does, a line each."""
    frames, rules = _count(told.frames, "frame"), _count(told.rules, "rule")
    if told.rules_file is not None:
        rules = f"{rules} on, {told.rules_file}"
    lines = {
        "proxy": f"{told.tool}, process {told.pid}",
        "serves": f"{told.upstream} at {', '.join(told.listening)}",
        "capture": told.capture or "not recorded",
        "running": f"{span(told.t)}, {frames} of {_count(told.accepted, 'connection')}",
        "open": _count(told.connections, "connection"),
        "holding": breakpoint_(told.breakpoint),
        "held": _count(told.held, "frame"),
        "rules": rules,
    }
    palette = look.palette
    return "".join(f"{palette.paint(palette.meta, f'{k:8}')} {v}\n" for k, v in lines.items())


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else f"no {what}s"


def breakpoint_(told: replies.Breakpoint) -> str:
    """Which frames are held, and for how long."""
    if told.filter is None:
        return "nothing; xmppspy ctl hold FILTER"
    how = f"for {told.timeout:g} s, then {told.otherwise}"
    what = told.filter or "everything"
    return f"{what} ({how})" if told.on else f"off ({what} {how})"


def connections(told: replies.Connections, look: Look, now: float) -> str:
    """A table of the open connections; a sentence when there are none."""
    if not told.connections:
        return "no client is connected\n"
    columns = (
        Column("conn", is_number=True),
        Column("who", is_elastic=True),
        Column("state"),
        Column("TLS"),
        Column("SM"),
        Column("C→S", is_number=True),
        Column("S→C", is_number=True),
        Column("held", is_number=True),
        Column("open", is_number=True),
    )
    rows = [
        (
            str(each.conn),
            each.jid or (f"{each.client} for {each.domain}" if each.domain else each.client),
            each.state,
            _tls(each),
            "" if each.sm == "off" else each.sm,
            f"{each.c2s.frames:,}",
            f"{each.s2c.frames:,}",
            str(each.held or ""),
            span(now - each.since),
        )
        for each in told.connections
    ]
    return table(columns, rows, look.columns(), look.palette)


def _tls(told: replies.Connection) -> str:
    """`1.3`, or `1.2/1.3` for the client's and the server's leg, where they differ."""
    legs = [_version(told.tls.get(side)) for side in (Side.CLIENT, Side.SERVER)]
    return legs[0] if legs[0] == legs[1] else "/".join(legs)


def _version(leg: replies.Leg | None) -> str:
    return "clear" if leg is None else leg.version.removeprefix("TLSv")


def rules(told: replies.Rules, look: Look) -> str:
    """A table of the rules; a sentence when there are none."""
    if not told.rules:
        return "there are no rules; xmppspy proxy --rules FILE\n"
    columns = (
        Column(""),
        Column("rule", is_elastic=True),
        Column("for", is_elastic=True),
        Column("does", is_elastic=True),
        Column("matched", is_number=True),
        Column("applied", is_number=True),
    )
    rows = [
        (
            "on" if each.on else "off",
            each.name,
            each.what,
            ", ".join(each.actions),
            f"{each.matched:,}",
            f"{each.applied:,}",
        )
        for each in told.rules
    ]
    return table(columns, rows, look.columns(), look.palette)


def templates(told: replies.Templates, look: Look) -> str:
    """The templates, each with its fields below it."""
    palette = look.palette
    return "".join(
        f"{palette.paint(palette.kind, f'{each.name:12}')} {each.help}\n"
        f"{'':12} {palette.paint(palette.meta, ' '.join(map(_slot, each.fields)))}\n"
        for each in told.templates
    )


def _slot(field: replies.Field) -> str:
    return f"{field.name} (needed)" if field.needed else f"{field.name}={field.default}"


def template(told: replies.Template, look: Look) -> str:
    """One template, with what its fields are."""
    columns = (Column("field"), Column("is"), Column("default"), Column(""))
    rows = [
        (field.name, field.help, field.default, "needed" if field.needed else "")
        for field in told.fields
    ]
    title = look.palette.paint(look.palette.kind, told.name)
    return f"{title}: {told.help}\n{table(columns, rows, look.columns(), look.palette)}"
