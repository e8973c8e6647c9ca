"""asyncio's streams over the network in memory print what they print over the machine's loopback."""

from __future__ import annotations

import pytest
from network_runs import in_pyodide, on_cpython, on_loopscope

DOCUMENTED = """
import asyncio

async def handle_echo(reader, writer):
    data = await reader.read(100)
    message = data.decode()
    addr = writer.get_extra_info('peername')
    print(f"Received {message!r} from {addr!r}")
    print(f"Send: {message!r}")
    writer.write(data)
    await writer.drain()
    print("Close the connection")
    writer.close()
    await writer.wait_closed()

async def tcp_echo_client(message):
    reader, writer = await asyncio.open_connection('127.0.0.1', 18888)
    print(f'Send: {message!r}')
    writer.write(message.encode())
    await writer.drain()
    data = await reader.read(100)
    print(f'Received: {data.decode()!r}')
    print('Close the connection')
    writer.close()
    await writer.wait_closed()

async def main():
    server = await asyncio.start_server(handle_echo, '127.0.0.1', 18888)
    addrs = ', '.join(str(sock.getsockname()) for sock in server.sockets)
    print(f'Serving on {addrs}')
    async with server:
        serving = asyncio.create_task(server.serve_forever())
        await tcp_echo_client('Hello World!')
        serving.cancel()

asyncio.run(main())
"""

PREAMBLE = """\
import asyncio

async def case(title, handler, client, **options):
    print("==", title)
    server = await asyncio.start_server(handler, "127.0.0.1", 0, **options)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), **options)
    try:
        await client(reader, writer)
    except Exception as error:
        print(type(error).__name__, error)
    writer.close()
    try:
        await writer.wait_closed()
    except Exception as error:
        print("wait_closed:", type(error).__name__, error)
    server.close()
    await asyncio.sleep(0.02)

async def answer(writer, data):
    writer.write(data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
"""

READING = (
    PREAMBLE
    + """
async def three_lines(reader, writer):
    await answer(writer, b"one\\ntwo\\nthree")

async def readline(reader, writer):
    while line := await reader.readline():
        print(line)
    print(reader.at_eof())

async def iteration(reader, writer):
    async for line in reader:
        print(line)

async def readexactly(reader, writer):
    print(await reader.readexactly(5))
    try:
        await reader.readexactly(50)
    except asyncio.IncompleteReadError as error:
        print(error, error.partial, error.expected)

async def readuntil(reader, writer):
    print(await reader.readuntil(b"t"))
    try:
        await reader.readuntil(b"!")
    except asyncio.IncompleteReadError as error:
        print(error, error.partial, error.expected)

async def read(reader, writer):
    print(await reader.read(3), await reader.read(0), await reader.read(), await reader.read(1))

async def long_line(reader, writer):
    await answer(writer, b"x" * 500 + b"\\nshort\\n")

async def overrun(reader, writer):
    try:
        await reader.readuntil()
    except asyncio.LimitOverrunError as error:
        print(error, error.consumed)
    try:
        await reader.readline()
    except ValueError as error:
        print(error)
    print(await reader.readline())

async def much(reader, writer):
    await answer(writer, b"x" * 300_000)

async def count(reader, writer):
    total = 0
    while data := await reader.read(1000):
        total += len(data)
    print(total)

async def late(reader, writer):
    await reader.readline()
    await answer(writer, b"late\\n")

async def cancelled(reader, writer):
    try:
        await asyncio.wait_for(reader.readline(), 0.01)
    except TimeoutError:
        print("nothing came")
    writer.write(b"go\\n")
    print(await reader.readline())

async def two_at_once(reader, writer):
    first = asyncio.create_task(reader.read(1))
    await asyncio.sleep(0)
    try:
        await reader.read(1)
    except RuntimeError as error:
        print(error)
    writer.write(b"go\\n")
    first.cancel()

async def main():
    await case("readline", three_lines, readline)
    await case("async for", three_lines, iteration)
    await case("readexactly", three_lines, readexactly)
    await case("readuntil", three_lines, readuntil)
    await case("read", three_lines, read)
    await case("limit", long_line, overrun, limit=100)
    await case("more than the limit", much, count, limit=1000)
    await case("cancel a read", late, cancelled)
    await case("two reads at once", late, two_at_once)

asyncio.run(main())
"""
)

WRITING = (
    PREAMBLE
    + """
async def upper(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.write_eof()
    writer.close()

async def talk(reader, writer):
    for word in ("hello", "wörld"):
        writer.write(word.encode() + b"\\n")
        await writer.drain()
        print((await reader.readline()).decode())
    writer.write_eof()
    print(await reader.read(), writer.can_write_eof(), writer.is_closing())

async def resets(reader, writer):
    writer.transport.pause_reading()
    await asyncio.sleep(0.01)
    writer.transport.abort()

async def is_reset(reader, writer):
    writer.write(b"never read")
    print(await reader.read())

async def closes(reader, writer):
    writer.close()

async def writes_on(reader, writer):
    await asyncio.sleep(0.03)
    for n in range(5):
        writer.write(b"x" * 1000)
        await writer.drain()
        await asyncio.sleep(0.01)
        print("wrote", n)

async def drains_twice(reader, writer):
    await asyncio.sleep(0.03)
    for n in range(3):
        writer.write(b"x")
    await asyncio.sleep(0.01)
    for n in range(2):
        try:
            await writer.drain()
        except ConnectionError as error:
            print(type(error).__name__, error)

async def reads_slowly(reader, writer):
    await asyncio.sleep(0.1)
    total = 0
    while data := await reader.read(65536):
        total += len(data)
    print("read", total)
    writer.close()

async def cancels_drain(reader, writer):
    writer.write(b"x" * 20_000_000)
    try:
        await asyncio.wait_for(writer.drain(), 0.02)
    except TimeoutError:
        print("it takes too long")
    await writer.drain()
    print("drained")
    writer.write_eof()
    print(await reader.read())

async def main():
    await case("half close", upper, talk)
    await case("reset", resets, is_reset)
    await case("writing to who is gone", closes, writes_on)
    await case("draining to who is gone", closes, drains_twice)
    await case("cancel a drain", reads_slowly, cancels_drain)

asyncio.run(main())
"""
)

HANDLERS = (
    PREAMBLE
    + """
async def lines(reader, writer):
    async for line in reader:
        print(line)

def plain(reader, writer):
    print("a plain function")
    writer.write(b"from a plain function\\n")
    writer.close()

async def coroutine(reader, writer):
    writer.write(b"from a coroutine\\n")
    writer.close()

async def fails(reader, writer):
    raise RuntimeError("in the handler")

class Callable:
    def __call__(self, reader, writer):
        return coroutine(reader, writer)

async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, told: print("handler:", told["message"], repr(told.get("exception"))))
    await case("plain", plain, lines)
    await case("coroutine", coroutine, lines)
    await case("callable", Callable(), lines)

asyncio.run(main())
"""
)

CHAT = """
import asyncio

members = {}

async def tell_others(name, text):
    for other, writer in list(members.items()):
        if other != name:
            writer.write(text.encode())
            await writer.drain()

async def serve(reader, writer):
    name = (await reader.readline()).decode().strip()
    members[name] = writer
    await tell_others(name, f"* {name} joined\\n")
    try:
        async for line in reader:
            await tell_others(name, f"{name}: {line.decode()}")
    finally:
        del members[name]
        await tell_others(name, f"* {name} left\\n")
        writer.close()
        await writer.wait_closed()

async def member(name, address, lines, start):
    await asyncio.sleep(start)
    reader, writer = await asyncio.open_connection(*address)
    writer.write(name.encode() + b"\\n")

    async def listen():
        async for line in reader:
            print(f"[{name}]", line.decode().rstrip())

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.1)
    for line in lines:
        writer.write(line.encode() + b"\\n")
        await writer.drain()
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await listening
    print(name, "is done")

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    async with server, asyncio.TaskGroup() as group:
        group.create_task(member("ann", address, ["hi", "how are you?"], 0))
        group.create_task(member("bob", address, ["hello"], 0.03))
        group.create_task(member("eve", address, ["...", "bye"], 0.06))

asyncio.run(main())
"""

PROGRAMS = {
    "documented": DOCUMENTED,
    "reading": READING,
    "writing": WRITING,
    "handlers": HANDLERS,
    "chat": CHAT,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_streams_print_what_they_print_on_cpython(name: str) -> None:
    expected = on_cpython(PROGRAMS[name])
    assert len(expected) > 5
    assert on_loopscope(PROGRAMS[name]) == expected


@pytest.mark.parametrize("name", PROGRAMS)
def test_and_so_in_pyodide(name: str) -> None:
    lines = in_pyodide(tuple(PROGRAMS.values()))[list(PROGRAMS).index(name)]
    assert lines == on_cpython(PROGRAMS[name])
