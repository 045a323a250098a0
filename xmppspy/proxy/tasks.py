"""Tasks that are kept alive and named; the only place that starts one."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

_RUNNING: Final[set[asyncio.Task[Any]]] = set()


def spawn(coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Run a coroutine as a task of its own; the event loop alone keeps only a weak reference.

    Where it fails, the event loop's exception handler is told at once.
    """
    task = asyncio.get_running_loop().create_task(coroutine, name=name)
    _RUNNING.add(task)
    task.add_done_callback(_done)
    return task


def _done(task: asyncio.Task[None]) -> None:
    _RUNNING.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": f"cannot {task.get_name()}", "exception": error}
        task.get_loop().call_exception_handler(context)
