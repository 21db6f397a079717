"""The TCP link beyond the contract: several ports, hosts that are not there, and closing in the middle."""

import socket
import threading
import time

import pytest
from tests.checks import PATIENCE_S, Heard

from firingorder_bridge.errors import DeviceNotFound, LinkError
from firingorder_bridge.links.tcp_link import WRITE_TIMEOUT_S, TcpLink, TcpPort


def test_two_ports_are_one_link_and_stay_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        ports = [TcpPort(each.getsockname()[1], tag) for each, tag in ((first, b"C"), (second, b"E"))]
        link, heard = TcpLink("127.0.0.1", ports), Heard()
        link.open(heard.on_data, heard.on_lost)
        (one, _), (two, _) = first.accept(), second.accept()
        with one, two:
            one.sendall(b"words")
            assert heard.chunks.get(timeout=PATIENCE_S) == b"Cwords"
            two.sendall(b"samples")
            assert heard.chunks.get(timeout=PATIENCE_S) == b"Esamples"
            link.write(b"command")
            assert one.recv(100) == b"command"
            two.close()
            loss = heard.losses.get(timeout=PATIENCE_S)
            assert f"the other side closed port {ports[1].number}" in str(loss)
        link.close()


def test_a_host_that_takes_nothing_holds_up_nobody_and_is_a_loss() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link, heard = TcpLink("127.0.0.1", [TcpPort(server.getsockname()[1])]), Heard()
        link.open(heard.on_data, heard.on_lost)
        with server.accept()[0]:
            began_s = time.monotonic()
            link.write(bytes(50_000_000))
            assert time.monotonic() - began_s < WRITE_TIMEOUT_S / 4
            assert "takes no more data" in str(heard.losses.get(timeout=PATIENCE_S))
        link.close()


def test_an_unknown_name_and_a_closed_port_are_one_line_each() -> None:
    with pytest.raises(DeviceNotFound, match="no computer is called"):
        TcpLink("no such host.invalid", [TcpPort(1)]).open(lambda data, t_ns: None, lambda loss: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeviceNotFound, match=f"nothing listens on port {port}"):
        TcpLink("127.0.0.1", [TcpPort(port)]).open(lambda data, t_ns: None, lambda loss: None)


def test_closing_ends_an_attempt_to_connect() -> None:
    # A full backlog leaves the next caller without an answer.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        link, errors = TcpLink("127.0.0.1", [TcpPort(port)]), list[LinkError]()

        def attempt() -> None:
            try:
                link.open(lambda data, t_ns: None, lambda loss: None)
            except LinkError as error:
                errors.append(error)

        thread = threading.Thread(target=attempt)
        thread.start()
        time.sleep(0.2)
        began = time.monotonic()
        link.close()
        thread.join()
        assert time.monotonic() - began < 1.0
        for caller in callers:
            caller.close()
    assert len(errors) <= 1
