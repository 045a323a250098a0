"""Forms: how an action is written in a rules file."""

from collections.abc import Mapping
from typing import Any, Final

from xmppspy.intervene.actions import Action
from xmppspy.intervene.kinds import Kind, Parameter, Source
from xmppspy.intervene.values import BadValueError, nearest
from xmppspy.intervene.vocabulary import KINDS

_SHOWN: Final = 40


def read_action(form: object, source: Source) -> Action:
    """The action that a name or an inline table stands for.

    The first key of a table names the action. Its value is the main parameter, or a table of
    parameters; further keys are parameters. Raises `BadValueError`, `FilterError`, `MalformedXML`.
    """
    name, written = _taken_apart(form)
    kind = KINDS.get(name)
    if kind is None:
        meant = nearest(name, tuple(KINDS)) or f"; there are {', '.join(KINDS)}"
        raise BadValueError(f"there is no action {name}{meant}")
    given = {key: _read(kind, key, value) for key, value in _named(kind, written).items()}
    for parameter in kind.parameters:
        if parameter.is_needed and parameter.name not in given:
            raise BadValueError(f"{name} has to be told {parameter.name}: {kind.example}")
    return Action(
        _words(name, written), kind.make(given, source), kind.is_last, kind.is_silent,
        None if kind.toxic is None else kind.toxic(**given),
    )  # fmt: skip


def _taken_apart(form: object) -> tuple[str, dict[str, Any]]:
    """The name, and what is written behind it; what belongs to the name itself stands at `""`."""
    if isinstance(form, str):
        return form, {}
    if not isinstance(form, Mapping) or not form:
        raise BadValueError('an action is a name such as "drop" or a table such as {delay = 2.0}')
    name, *_ = form
    main, further = form[name], {key: form[key] for key in form if key != name}
    if isinstance(main, Mapping):
        return name, {**main, **further}
    return name, {"": main, **further}


def _named(kind: Kind, written: Mapping[str, Any]) -> dict[str, Any]:
    """With the main parameter by its name."""
    named = {key: value for key, value in written.items() if key}
    if "" not in written:
        return named
    main = kind.parameters[0] if kind.parameters else None
    if written[""] is True and (main is None or not main.is_needed):
        return named
    if main is None:
        raise BadValueError(f'{kind.name} is told nothing; write "{kind.name}"')
    if main.name in named:
        raise BadValueError(f"{kind.name} is told {main.name} twice")
    return {main.name: written[""], **named}


def _read(kind: Kind, key: str, value: object) -> object:
    parameter = _parameter(kind, key)
    try:
        return parameter.read(value)
    except BadValueError as error:
        place = kind.name if parameter is kind.parameters[0] else f"{kind.name}, {key}"
        raise BadValueError(f"{place}: {error}") from None


def _parameter(kind: Kind, key: str) -> Parameter:
    for parameter in kind.parameters:
        if parameter.name == key:
            return parameter
    if key in KINDS:
        raise BadValueError(f"{kind.name}: {key} is another action; each has a table of its own")
    names = tuple(parameter.name for parameter in kind.parameters)
    known = f"; there are {', '.join(names)}" if names else ""
    raise BadValueError(f"{kind.name}: there is no {key}{nearest(key, names) or known}")


def _words(name: str, written: Mapping[str, Any]) -> str:
    parts = [name]
    for key, value in written.items():
        shown = str(value) if len(str(value)) <= _SHOWN else f"{str(value)[:_SHOWN]}…"
        parts.append(f"{key}={shown}" if key else shown)
    return " ".join(parts)
