import asyncio
import gc

from xmppspy.proxy.tasks import spawn


def test_a_task_is_kept_alive_and_named() -> None:
    """A task that nobody holds runs to its end, and has its name."""

    async def scene() -> None:
        done = asyncio.Event()

        async def work() -> None:
            await asyncio.sleep(0)
            done.set()

        name = spawn(work(), "work").get_name()
        gc.collect()
        await asyncio.wait_for(done.wait(), 10)

        assert name == "work"

    asyncio.run(scene())


def test_a_task_that_fails_is_told() -> None:
    """Nobody waits for a task's end, so its failure is not to go unnoticed."""

    async def scene() -> None:
        told: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: told.put_nowait(context))

        async def work() -> None:
            raise ValueError("no")

        spawn(work(), "do it")
        context = await asyncio.wait_for(told.get(), 10)

        assert context["message"] == "cannot do it"
        assert isinstance(context["exception"], ValueError)

    asyncio.run(scene())
