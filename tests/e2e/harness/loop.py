"""One asyncio loop for all clients; tests stay synchronous and run it while they wait."""

import asyncio

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)


def run(awaitable):
    """Runs the loop until `awaitable` is done; its result."""
    return loop.run_until_complete(awaitable)
