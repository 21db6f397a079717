"""The air and the Bluetooth controllers in it, as a process: one controller a TCP port, for whoever is its host.

`python -m tests.radio.air N` prints N port numbers as one line of JSON and goes on until it is killed. A host that
dies leaves its controller connected, as bumble has no supervision timeout: nobody is told, which real stacks do too.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Callable

from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport.tcp_server import open_tcp_server_transport_with_socket

#: With the data length extension a whole frame is one packet; bumble's default of 27 bytes makes ten of it.
PACKET_BYTES = 251


async def serve(n_controllers: int) -> None:
    """Open the controllers, say where they are, and stay."""
    make_link: Callable[[], LocalLink] = LocalLink
    link, ports, controllers = make_link(), list[int](), list[Controller]()
    for number in range(n_controllers):
        listening = socket.create_server(("127.0.0.1", 0))
        ports.append(listening.getsockname()[1])
        transport = await open_tcp_server_transport_with_socket(listening)
        controller = Controller(f"C{number}", transport.source, transport.sink, link)
        controller.le_acl_data_packet_length = PACKET_BYTES
        controllers.append(controller)
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
