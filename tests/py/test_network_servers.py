"""Servers over the network in memory: listening, addresses, clients, ends."""

from __future__ import annotations

from network_runs import in_pyodide, on_cpython, on_loopscope

SERVER = """
import asyncio
import sys

async def handle(reader, writer):
    print("connected")
    try:
        while data := await reader.read(100):
            writer.write(data)
        print("end of input")
    except ConnectionError as error:
        print(type(error).__name__)
    finally:
        writer.close()

async def ask(port, data, host="127.0.0.1"):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(data)
    print(await reader.read(len(data)), writer.get_extra_info("peername")[0])
    return reader, writer

async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0, start_serving=False)
    port = server.sockets[0].getsockname()[1]
    print(server.is_serving(), len(server.sockets))
    await server.start_serving()
    await server.start_serving()
    print(server.is_serving())
    reader, writer = await ask(port, b"first")

    print("== closed while somebody is connected")
    server.close()
    server.close()
    print(server.is_serving(), server.sockets)
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as error:
        print(error)
    writer.write(b"still here")
    print(await reader.read(100))
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.01)
    await server.wait_closed()
    try:
        await server.serve_forever()
    except RuntimeError as error:
        print("is closed" in str(error))

    print("== again on the same port")
    server = await asyncio.start_server(handle, "127.0.0.1", port)
    try:
        await asyncio.start_server(handle, "127.0.0.1", port)
    except OSError as error:
        print(str(error).lower())
    forever = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0.01)
    try:
        await server.serve_forever()
    except RuntimeError as error:
        print("already being awaited" in str(error))
    reader, writer = await ask(port, b"second")
    writer.close()
    await asyncio.sleep(0.01)
    forever.cancel()
    try:
        await forever
    except asyncio.CancelledError:
        print("cancelled")
    async with await asyncio.start_server(handle, "127.0.0.1", port) as server:
        reader, writer = await ask(port, b"third")
        writer.close()
        await asyncio.sleep(0.01)
    print(server.sockets)

    print("== addresses")
    server = await asyncio.start_server(handle, ["127.0.0.1", "127.0.0.2"], 0)
    print(sorted(sock.getsockname()[0] for sock in server.sockets))
    server.close()
    for host in (None, ""):
        server = await asyncio.start_server(handle, host, 0)
        print(sorted(sock.getsockname()[0] for sock in server.sockets))
        server.close()
    for bound, hosts in (("0.0.0.0", ["127.0.0.1", "0.0.0.0", "127.0.0.5", "localhost"]), ("::", ["::1", "::"])):
        async with await asyncio.start_server(handle, bound, 0) as server:
            port = server.sockets[0].getsockname()[1]
            for host in hosts:
                reader, writer = await ask(port, b"hello", host)
                print(len(writer.get_extra_info("sockname")))
                writer.close()
                await writer.wait_closed()
                await asyncio.sleep(0.01)

    print("== misuse")
    for wrong in (
        lambda: asyncio.start_server(handle),
        lambda: asyncio.start_server(handle, "127.0.0.1", 0, ssl=True),
        lambda: asyncio.start_server(handle, "127.0.0.1", 99999),
        lambda: asyncio.open_connection(),
        lambda: asyncio.open_connection("127.0.0.1", 99999),
        lambda: asyncio.open_connection("127.0.0.1", 1, server_hostname="x"),
        lambda: asyncio.open_connection("127.0.0.1", 1),
    ):
        try:
            await wrong()
        except Exception as error:
            print(type(error).__name__, error)

asyncio.run(main())
"""

CLIENTS = """
import asyncio

async def handle(reader, writer):
    try:
        await reader.read(1)
    except ConnectionError as error:
        print(type(error).__name__)
    writer.close()

async def main():
    for act in ("close_clients", "abort_clients"):
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        pairs = [await asyncio.open_connection(*server.sockets[0].getsockname()) for _ in range(3)]
        await asyncio.sleep(0.01)
        server.close()
        waiting = asyncio.create_task(server.wait_closed())
        await asyncio.sleep(0.01)
        print("waits for its clients", not waiting.done())
        getattr(server, act)()
        await waiting
        print(act)
        for reader, writer in pairs:
            print(await reader.read())
            writer.close()

asyncio.run(main())
"""


def reworded(lines: list[str]) -> list[str]:
    """Since CPython 3.13 the error of an address in use tells its number twice."""
    return [line.replace(": [errno 98] address", ": address") for line in lines]


def test_servers_do_what_they_do_on_cpython() -> None:
    expected = on_cpython(SERVER)
    assert len(expected) > 30
    assert on_loopscope(SERVER) == expected


def test_and_so_in_pyodide() -> None:
    assert reworded(in_pyodide((SERVER, CLIENTS))[0]) == reworded(on_cpython(SERVER))


def test_a_server_closes_and_aborts_its_clients() -> None:
    # New in CPython 3.13.
    assert in_pyodide((SERVER, CLIENTS))[1] == [
        "waits for its clients True", "close_clients", "b''", "b''", "b''",
        "waits for its clients True", "abort_clients", "b''", "b''", "b''",
    ]  # fmt: skip
