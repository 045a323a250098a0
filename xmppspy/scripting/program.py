"""Program: the file of a script, loaded."""

import inspect
import linecache
import sys
from collections.abc import Callable
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from xmppspy.errors import FilterError, ScriptError
from xmppspy.filters import Filter
from xmppspy.scripting.complaints import Place, said
from xmppspy.scripting.limits import LOAD, TimeIsUpError, within

MODULE: Final = "xmppspy_script"
"""What `__name__` is in a script: nothing that it could import instead."""

_FUNCTIONS: Final = {"stanza": 2, "connected": 1, "closed": 1}
"""Those that are called, and how many arguments they take."""
_CALLS: Final = {"stanza": "stanza(s, session)"}


class Program:
    """The functions of a script. Raises `ScriptError` where it cannot be loaded."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self._lines: list[str] = []
        self._module = ModuleType(MODULE)
        self._module.__file__ = path
        before = sys.modules.get(MODULE)
        sys.modules[MODULE] = self._module
        try:
            self._load(source)
            self._functions = dict(self._found())
            self.filter = self._filter()
        except BaseException:
            sys.modules.pop(MODULE)
            if before is not None:
                sys.modules[MODULE] = before
            raise
        linecache.cache[path] = (len(source), None, self._lines, path)

    def function(self, name: str) -> Callable[..., Any] | None:
        """The function of that name, if the script has it."""
        return self._functions.get(name)

    def place(self, error: BaseException) -> Place:
        """Where in the script an exception has come from; what called it, where it has not."""
        number, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.path:
                number = trace.tb_lineno
            trace = trace.tb_next
        return self.line(number)

    def line(self, number: int) -> Place:
        """A line of it, from 1."""
        text = self._lines[number - 1].strip() if 0 < number <= len(self._lines) else ""
        return Place(Path(self.path).name, number, text)

    def _load(self, source: bytes) -> None:
        try:
            code = compile(source, self.path, "exec", dont_inherit=True)
            self._lines = decode_source(source).splitlines(keepends=True)
            within(LOAD, exec, code, self._module.__dict__)
        except SyntaxError as error:
            if error.filename != self.path:  # of something that it imports
                raise self._failed(error) from None
            shown = f", in: {error.text.strip()}" if error.text else ""
            raise ScriptError(
                self.path, f"SyntaxError: {error.msg}{shown}", error.lineno or 0
            ) from None
        except TimeIsUpError as error:
            raise self._failed(error, f"loading it took longer than {LOAD:g} s") from None
        except BaseException as error:  # noqa: BLE001 - whatever it raises, sys.exit() included
            raise self._failed(error) from None

    def _failed(self, error: BaseException, reason: str = "") -> ScriptError:
        place = self.place(error)
        shown = f", in: {place.text}" if place.text else ""
        return ScriptError(self.path, (reason or said(error)) + shown, place.line)

    def _found(self) -> "list[tuple[str, Callable[..., Any]]]":
        members = vars(self._module)
        found = [(name, members[name]) for name in _FUNCTIONS if name in members]
        if not found:
            reason = "it has no function stanza(s, session), connected(session) or closed(session)"
            raise ScriptError(self.path, reason)
        for name, function in found:
            self._check(name, function)
        return found

    def _check(self, name: str, function: Any) -> None:
        code = getattr(function, "__code__", None)
        line = code.co_firstlineno if code is not None else 0
        wanted = _CALLS.get(name, f"{name}(session)")
        if not callable(function):
            raise ScriptError(self.path, f"{name} is no function; write def {wanted}", line)
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            reason = f"{name} has to be a plain function, without async and yield: def {wanted}"
            raise ScriptError(self.path, reason, line)
        try:
            inspect.signature(function).bind(*[None] * _FUNCTIONS[name])
        except TypeError:
            raise ScriptError(self.path, f"it has to be def {wanted}", line) from None
        except ValueError:  # one that is not written in Python does not tell
            return

    def _filter(self) -> str | None:
        text = getattr(self._module, "FILTER", None)
        if text is None:
            return None
        try:
            if not isinstance(text, str):
                raise TypeError(f"FILTER is a text, not {type(text).__name__}")
            if Filter(text).follows:
                raise ValueError("FILTER cannot ask for latency: that is not known yet")
        except (FilterError, TypeError, ValueError) as error:
            raise ScriptError(self.path, said(error), self._line_of("FILTER")) from None
        return text

    def _line_of(self, name: str) -> int:
        lines = enumerate(self._lines, 1)
        return next((number for number, line in lines if line.startswith(name)), 0)
