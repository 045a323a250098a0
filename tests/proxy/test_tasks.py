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
