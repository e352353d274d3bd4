"""A broker for the demo where mosquitto is not installed: amqtt, MQTT 3.1.1, on loopback.

Alone knows: amqtt. Must not know: anything of a hospital: this broker hands retained messages to clients that never asked for
them, so it is used with invented data only.
"""

import asyncio
import logging
import sys


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    from amqtt.broker import Broker  # noqa: PLC0415 - an extra, needed here only

    logging.disable(logging.WARNING)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    await broker.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
