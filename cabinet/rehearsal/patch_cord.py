"""The demo's network cable: what the cabinet says to the broker passes through here, so that it can be pulled.

Alone knows: how bytes are passed on both ways. Must not know: what they say, or why the cable is pulled: to pull it is to end this process.
"""

import asyncio
import contextlib
import sys

BLOCK = 65_536


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await source.read(BLOCK):
            target.write(block)
            await target.drain()
    target.close()


async def serve(port: int, broker_port: int) -> None:
    """Listen on loopback and pass on to the broker, for ever. Raises OSError where the port is taken."""

    async def join(near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        try:
            far, far_out = await asyncio.open_connection("127.0.0.1", broker_port)
        except OSError:
            near_out.close()
            return
        await asyncio.gather(_pass_on(near, far_out), _pass_on(far, near_out))

    server = await asyncio.start_server(join, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
