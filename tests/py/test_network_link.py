"""Latency, bandwidth and buffers; what the trace tells of connections; what belongs to the network."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from engines import trace_of
from loopscope.analysis.trace import Trace
from loopscope.clock import VirtualClock
from loopscope.loop import installed, loop_class
from loopscope.network import Network
from loopscope.protocol import Kind
from loopscope.session import Session, ThreadHost


def run(network: Network, main: Callable[[], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        try:
            return await main()
        finally:
            await asyncio.sleep(100)  # what was closed comes to its end

    with installed(loop_class(VirtualClock(), ThreadHost(), network=network)):
        return asyncio.run(whole())


async def connected() -> tuple[asyncio.Server, Any, Any]:
    """A server, and the (reader, writer) of either end of a connection to it."""
    served: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda *ends: served.set_result(ends), "127.0.0.1", 0)
    client = await asyncio.open_connection(*server.sockets[0].getsockname())
    return server, await served, client


def test_latency_is_paid_by_each_packet_and_thrice_by_a_connection() -> None:
    times: list[tuple[str, float]] = []

    async def main() -> None:
        now = asyncio.get_running_loop().time
        server, (reader, writer), (ours, our_writer) = await connected()
        times.append(("the server knows", round(now(), 6)))  # packet, answer, and the answer to that
        our_writer.write(b"question")
        await reader.read(100)
        times.append(("question", round(now(), 6)))
        writer.write(b"answer")
        writer.close()
        await ours.read(100)
        times.append(("answer", round(now(), 6)))
        assert await ours.read() == b""
        times.append(("end", round(now(), 6)))
        our_writer.close()
        server.close()

    run(Network(latency=0.05), main)
    assert times == [("the server knows", 0.15), ("question", 0.2), ("answer", 0.25), ("end", 0.25)]


def test_bandwidth_delays_what_waits_for_the_link() -> None:
    arrivals: list[tuple[float, int]] = []

    async def main() -> None:
        now = asyncio.get_running_loop().time
        server, (reader, theirs), (_, writer) = await connected()
        begin = now()
        writer.write(b"x" * 100)
        writer.write(b"y" * 200)
        writer.write(b"z" * 70_000)
        writer.write_eof()
        while data := await reader.read(2**20):
            arrivals.append((round(now() - begin, 6), len(data)))
        assert round(now() - begin, 6) == 70.3
        writer.close()
        theirs.close()
        server.close()

    run(Network(bandwidth=1000), main)
    assert arrivals == [(0.1, 100), (0.3, 200), (65.836, 65536), (70.3, 4464)]


def test_a_refusal_takes_a_round_trip() -> None:
    async def main() -> float:
        with pytest.raises(ConnectionRefusedError, match=r"Connect call failed \('127.0.0.1', 1\)"):
            await asyncio.open_connection("127.0.0.1", 1)
        return asyncio.get_running_loop().time()

    assert run(Network(latency=1.5), main) == 3.0


def test_datagrams_take_their_time_in_order() -> None:
    times: list[tuple[float, bytes]] = []

    class Receiver(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            times.append((round(asyncio.get_running_loop().time(), 6), data[:1]))

    async def main() -> None:
        loop = asyncio.get_running_loop()
        here, _ = await loop.create_datagram_endpoint(Receiver, local_addr=("127.0.0.1", 0))
        there, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=here.get_extra_info("sockname")
        )
        there.sendto(b"long" * 100)
        there.sendto(b"s")
        await asyncio.sleep(10)
        here.close()
        there.close()

    run(Network(latency=0.5, bandwidth=100), main)
    assert times == [(4.5, b"l"), (4.51, b"s")]


def test_small_buffers_show_backpressure_with_few_bytes() -> None:
    said: list[object] = []

    class Client(asyncio.Protocol):
        def pause_writing(self) -> None:
            said.append("pause_writing")

        def resume_writing(self) -> None:
            said.append("resume_writing")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        ends: list[Any] = []
        server = await asyncio.start_server(lambda *pair: ends.append(pair), "127.0.0.1", 0, limit=10)
        made: Any = await loop.create_connection(Client, *server.sockets[0].getsockname())
        transport = made[0]
        transport.set_write_buffer_limits(high=100)
        await asyncio.sleep(1)
        ends[0][1].transport.pause_reading()
        transport.write(b"x" * 1300)
        said.append(transport.get_write_buffer_size())
        transport.write(b"x" * 100)
        said.append(transport.get_write_buffer_size())
        ends[0][1].transport.resume_reading()
        said.append(len(await ends[0][0].readexactly(1400)))
        transport.close()
        ends[0][1].close()
        server.close()

    run(Network(send_buffer=1000, receive_buffer=200), main)
    assert said == [100, "pause_writing", 200, "resume_writing", 1400]


def test_the_backlog_makes_connections_wait() -> None:
    async def main() -> list[str]:
        said: list[str] = []
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        listener.setblocking(False)
        loop = asyncio.get_running_loop()

        async def connect(name: str) -> socket.socket:
            made = socket.socket()
            made.setblocking(False)
            await loop.sock_connect(made, listener.getsockname())
            said.append(name)
            return made

        tasks = [asyncio.create_task(connect(name)) for name in "abc"]
        await asyncio.sleep(1)
        said.append("accept")
        accepted = [(await loop.sock_accept(listener))[0] for _ in "abc"]
        for end in (listener, *accepted, *await asyncio.gather(*tasks)):
            end.close()
        return said

    assert run(Network(), main) == ["a", "accept", "b", "c"]


def test_a_blocking_connect_to_a_full_backlog_is_not_connected() -> None:
    async def main() -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        first = socket.create_connection(listener.getsockname())
        with pytest.raises(OSError, match=r"connect\(\) would block for ever"):
            socket.create_connection(listener.getsockname())
        with pytest.raises(TimeoutError, match="timed out"):
            socket.create_connection(listener.getsockname(), timeout=0.01)
        for end in (listener, first):
            end.close()

    run(Network(), main)


def test_settings_are_checked() -> None:
    for wrong in ({"latency": -1}, {"bandwidth": -1}, {"send_buffer": 0}, {"receive_buffer": -1}):
        with pytest.raises(ValueError, match=r"negative|hold"):
            Network(**wrong)


# -- the network outlasts a loop, and nothing outlasts the network


def test_sockets_belong_to_no_loop() -> None:
    network = Network()
    listeners: list[socket.socket] = []

    async def listen() -> None:
        listeners.append(socket.create_server(("127.0.0.1", 8888)))

    async def ask() -> bytes:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"hello")
            writer.close()

        async with await asyncio.start_server(handle, sock=listeners[0]):
            reader, writer = await asyncio.open_connection("localhost", 8888)
            try:
                return await reader.read()
            finally:
                writer.close()
                await asyncio.sleep(1)

    stock = socket.socket, socket.getaddrinfo
    with installed(loop_class(VirtualClock(), ThreadHost(), network=network)):
        asyncio.run(listen())
        assert asyncio.run(ask()) == b"hello"
        left = socket.socket()
    assert (socket.socket, socket.getaddrinfo) == stock
    assert not network.files
    with pytest.raises(OSError, match="Bad file descriptor"):
        left.getsockname()


def test_numbers_are_the_same_in_every_run() -> None:
    network = Network()

    async def main() -> list[object]:
        server, (_, theirs), (_, ours) = await connected()
        told = [server.sockets[0].getsockname(), ours.get_extra_info("sockname"), repr(ours.transport)]
        for end in (theirs, ours, server):
            end.close()
        return told

    first = run(network, main)
    assert first[:2] == [("127.0.0.1", 49152), ("127.0.0.1", 49153)]
    assert "fd=1001" in first[2]
    assert run(network, main) == first


def test_a_session_takes_a_network() -> None:
    frames: list[bytes] = []
    session = Session(frames.append, cpu=lambda: 0.0, network=Network(latency=0.25))
    session.run(ECHO)
    assert Trace.read(b"".join(frames)).rows[-1].t > 1


# -- what the trace tells

ECHO = """\
import asyncio

async def handle(reader, writer):
    while data := await reader.read(100):
        writer.write(data.upper())
    writer.close()

async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 8888)
    async with server:
        reader, writer = await asyncio.open_connection("127.0.0.1", 8888)
        writer.write(b"hello")
        await reader.read(100)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(1)

asyncio.run(main())
"""


def reads(trace: Trace) -> list[tuple[str, int | None]]:
    """Who made a transport read, and at which line."""
    return [
        (trace.task_label(row.by), trace.line(row.site))
        for row in trace.rows
        if row.kind is Kind.CALLBACK and trace.text(row.aux).endswith("._read_ready")
    ]


@pytest.mark.parametrize("engine", ["native", "pyodide"])
def test_who_wrote_is_the_cause_of_reading(engine: str) -> None:
    trace = trace_of(ECHO, engine)
    assert reads(trace)[:2] == [("main", 12), ("handle", 5)]


def test_latency_shows_as_timers() -> None:
    frames: list[bytes] = []
    Session(frames.append, cpu=lambda: 0.0, network=Network(latency=0.25)).run(ECHO)
    trace = Trace.read(b"".join(frames))
    armed = [row for row in trace.rows if row.kind is Kind.TIMER and trace.text(row.aux) == "Channel._land"]
    assert [(row.t, row.end, trace.line(row.site)) for row in armed[:2]] == [(0.5, 0.75, 12), (0.75, 1.0, 5)]


def test_handles_are_put_in_the_ready_queue_when_the_loop_polls() -> None:
    trace = trace_of(ECHO)
    event = next(k for k, row in enumerate(trace.rows) if trace.text(row.aux).endswith("._read_ready"))
    read = trace.rows[event]
    wrote = max(
        k for k in range(event) if trace.rows[k].kind is Kind.STEP and trace.rows[k].subject == read.by
    )
    assert wrote < read.ready_seq <= event


def test_the_trace_is_the_same_in_every_run() -> None:
    assert trace_of(ECHO).rows == trace_of(ECHO).rows


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("(await asyncio.start_server(print, '127.0.0.1', 0)).close()", "start_server"),
        ("await asyncio.open_connection('127.0.0.1', 1)", "open_connection"),
        ("await loop.create_connection(asyncio.Protocol, '127.0.0.1', 1)", "create_connection"),
        ("(await loop.create_server(asyncio.Protocol, '127.0.0.1', 0)).close()", "create_server"),
        ("await loop.sock_recv(a, 1)", "sock_recv"),
        ("await loop.sock_accept(listener)", "sock_accept"),
    ],
)
def test_waits_are_named(line: str, label: str) -> None:
    trace = trace_of(f"""\
import asyncio, socket
a, b = socket.socketpair()
listener = socket.create_server(("127.0.0.1", 0))
for sock in a, listener:
    sock.setblocking(False)
async def wait():
    loop = asyncio.get_running_loop()
    {line}
async def main():
    task = asyncio.create_task(wait())
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])
asyncio.run(main())
for sock in a, b, listener:
    sock.close()
""")
    labels = [trace.chains[row.chain][2] for row in trace.rows if row.kind is Kind.STEP and row.chain]
    assert label in labels
