"""Protocols and transports over the network in memory: every callback, in the order in which CPython calls them."""

from __future__ import annotations

import pytest
from network_runs import in_pyodide, on_cpython, on_loopscope

PREAMBLE = """\
import asyncio
import inspect

class Logged(asyncio.Protocol):
    def __init__(self, name, keeps_open=False):
        self.name = name
        self.keeps_open = keeps_open
        self.lost = asyncio.Event()

    def say(self, *what):
        print(self.name, *what)

    def connection_made(self, transport):
        self.t = transport
        host = transport.get_extra_info("peername")[0], transport.get_extra_info("sockname")[0]
        self.say("connection_made", host, transport.is_reading(), transport.can_write_eof())

    def data_received(self, data):
        self.say("data_received", type(data).__name__, len(data), data[:20])

    def eof_received(self):
        self.say("eof_received")
        return self.keeps_open

    def connection_lost(self, error):
        self.say("connection_lost", repr(error))
        self.lost.set()

async def case(title, act, server_keeps=False, client_keeps=False):
    print("==", title)
    loop = asyncio.get_running_loop()
    served = Logged("server", server_keeps)
    server = await loop.create_server(lambda: served, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    t, client = await loop.create_connection(lambda: Logged("client", client_keeps), "127.0.0.1", port)
    print("connected", hasattr(served, "t"))
    if inspect.iscoroutinefunction(act):
        await asyncio.sleep(0.01)
        await act(t, served)
    else:
        act(t)
    for turn in range(8):
        await asyncio.sleep(0)
        print("turn", turn)
    await asyncio.sleep(0.02)
    t.close()
    served.t.close()
    await client.lost.wait()
    await served.lost.wait()
    server.close()
    await server.wait_closed()
    print(t.is_closing(), served.t.is_closing())
"""

ENDS = (
    PREAMBLE
    + """
async def half_close(t, server):
    t.write(b"question")
    t.write_eof()
    await asyncio.sleep(0.01)
    server.t.write(b"answer")
    server.t.close()

async def both_halves(t, server):
    t.write_eof()
    server.t.write_eof()

async def server_closes(t, server):
    server.t.close()

async def both_close(t, server):
    t.write(b"from the client")
    server.t.write(b"from the server")
    t.close()
    server.t.close()

async def main():
    await case("close", lambda t: t.close())
    await case("abort", lambda t: t.abort())
    await case("write, close", lambda t: (t.write(b"hello"), t.close()))
    await case("writes come as one", lambda t: (t.write(b"he"), t.write(bytearray(b"llo")), t.writelines([b"!", b"?"])))
    await case("write_eof", lambda t: (t.write(b"hello"), t.write_eof()))
    await case("write_eof, kept open", lambda t: (t.write(b"hello"), t.write_eof()), True)
    await case("half close", half_close, True)
    await case("both halves", both_halves, True, True)
    await case("the server closes", server_closes)
    await case("the server closes, the client keeps open", server_closes, False, True)
    await case("both close", both_close)

asyncio.run(main())
"""
)

RESETS = (
    PREAMBLE
    + """
async def unread_close(t, server):
    server.t.pause_reading()
    t.write(b"never read")
    server.t.close()

async def unread_abort(t, server):
    server.t.pause_reading()
    t.write(b"never read")
    server.t.write(b"last words")
    server.t.abort()

async def writes_on(t, server):
    server.t.close()
    await asyncio.sleep(0.01)
    for n in range(4):
        t.write(b"into the void")
        print("wrote", n, t.is_closing())
        await asyncio.sleep(0.01)

async def writes_at_once(t, server):
    server.t.close()
    await asyncio.sleep(0.01)
    for n in range(4):
        t.write(b"into the void")
        print("wrote", n, t.is_closing())

async def lingers_not(t, server):
    import socket, struct
    sock = server.t.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.t.close()

async def main():
    await case("close with unread data", unread_close)
    await case("abort with unread data", unread_abort)
    await case("writing to who is gone", writes_on, False, True)
    await case("writing at once to who is gone", writes_at_once, False, True)
    await case("SO_LINGER", lingers_not)

asyncio.run(main())
"""
)

READING = (
    PREAMBLE
    + """
async def pauses(t, server):
    server.t.pause_reading()
    server.t.pause_reading()
    print(server.t.is_reading())
    t.write(b"a")
    await asyncio.sleep(0.01)
    t.write(b"b")
    await asyncio.sleep(0.01)
    server.t.resume_reading()
    server.t.resume_reading()
    print(server.t.is_reading())
    await asyncio.sleep(0.01)

async def paused_end(t, server):
    server.t.pause_reading()
    t.write(b"last words")
    t.close()
    await asyncio.sleep(0.01)
    server.t.resume_reading()

async def misuse(t, server):
    for wrong in (lambda: t.write(None), lambda: t.write(b""), lambda: (t.write_eof(), t.write(b"x")),
                  lambda: t.writelines([b"x"])):
        try:
            print(wrong())
        except Exception as error:
            print(type(error).__name__, str(error)[:17])

async def limits(t, server):
    print(t.get_write_buffer_limits(), t.get_write_buffer_size())
    for limits in ({"high": 100}, {"low": 100}, {"high": 0}, {}, {"high": 1, "low": 2}):
        try:
            t.set_write_buffer_limits(**limits)
            print(t.get_write_buffer_limits())
        except ValueError as error:
            print(error)

async def extras(t, server):
    sock = t.get_extra_info("socket")
    print(sock.family, sock.type, sock.proto, sock.gettimeout(), sock.fileno() > 0)
    print(sock.getsockname() == t.get_extra_info("sockname") == server.t.get_extra_info("peername"))
    print(sock.getpeername() == t.get_extra_info("peername") == server.t.get_extra_info("sockname"))
    print(t.get_extra_info("cipher"), t.get_extra_info("none", "default"), t.get_protocol().name)

async def main():
    await case("pause_reading", pauses)
    await case("an end behind a pause", paused_end)
    await case("misuse", misuse, True)
    await case("limits", limits)
    await case("get_extra_info", extras)

asyncio.run(main())
"""
)

FLOW = """
import asyncio

class Server(asyncio.Protocol):
    def connection_made(self, transport):
        Server.now = self
        self.t = transport
        self.total = self.largest = 0
        self.lost = asyncio.Event()
        transport.pause_reading()

    def data_received(self, data):
        self.total += len(data)
        self.largest = max(self.largest, len(data))

    def connection_lost(self, error):
        print("server: connection_lost", error)
        self.lost.set()

class Client(asyncio.Protocol):
    def connection_made(self, transport):
        self.t = transport
        self.resumed = asyncio.Event()

    def pause_writing(self):
        print("pause_writing", self.t.get_write_buffer_size() > 65536)

    def resume_writing(self):
        print("resume_writing", self.t.get_write_buffer_size() <= 16384)
        self.resumed.set()

    def connection_lost(self, error):
        print("client: connection_lost", error)

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, "127.0.0.1", 0)

    async def connect():
        made = await loop.create_connection(Client, *server.sockets[0].getsockname())
        await asyncio.sleep(0.01)
        return made

    print("== backpressure")
    t, client = await connect()
    sent = 0
    while not t.get_write_buffer_size():
        t.write(bytes(100_000))
        sent += 100_000
    t.write(bytes(300_000))
    sent += 300_000
    print("full", sent > 1_000_000, t.get_write_buffer_size() > 65536)
    Server.now.t.resume_reading()
    await client.resumed.wait()
    t.write(b"end")
    t.write_eof()
    await Server.now.lost.wait()
    print("all arrived", Server.now.total == sent + 3, Server.now.largest <= 262144)
    await asyncio.sleep(0.01)

    print("== close flushes")
    t, client = await connect()
    t.write(bytes(20_000_000))
    t.close()
    print("closing", t.is_closing(), t.get_write_buffer_size() > 0)
    Server.now.t.resume_reading()
    await Server.now.lost.wait()
    print("all arrived", Server.now.total == 20_000_000)

    print("== abort drops")
    t, client = await connect()
    t.write(bytes(20_000_000))
    t.abort()
    print("size", t.get_write_buffer_size())
    Server.now.t.resume_reading()
    await Server.now.lost.wait()
    print("something is missing", Server.now.total < 20_000_000)
    server.close()
    await server.wait_closed()

asyncio.run(main())
"""

KINDS = """
import asyncio

class Buffered(asyncio.BufferedProtocol):
    def __init__(self):
        self.buffer = bytearray(8)
        self.lost = asyncio.Event()

    def get_buffer(self, sizehint):
        print("get_buffer", sizehint)
        return memoryview(self.buffer)

    def buffer_updated(self, count):
        print("buffer_updated", count, bytes(self.buffer[:count]))

    def eof_received(self):
        print("eof_received")

    def connection_lost(self, error):
        print("connection_lost", repr(error))
        self.lost.set()

class Switching(asyncio.Protocol):
    def connection_made(self, transport):
        self.t = transport
        self.next = Buffered()
        self.lost = self.next.lost

    def data_received(self, data):
        print("data_received", data)
        self.t.set_protocol(self.next)
        print(self.t.get_protocol() is self.next)

class NoBuffer(Buffered):
    def get_buffer(self, sizehint):
        return bytearray()

def failing(method):
    def fails(self, *args):
        raise ValueError(method)
    return type("Failing", (Buffered if "buffer" in method else asyncio.Protocol,), {
        "__init__": Buffered.__init__, "connection_lost": Buffered.connection_lost, method: fails})

async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda loop, told: print("handler:", told["message"].partition("(")[0], repr(told["exception"])))
    for kind in (Buffered, Switching, NoBuffer, failing("data_received"), failing("eof_received"),
                 failing("buffer_updated"), failing("connection_lost")):
        print("==", kind.__name__)
        made = []
        server = await loop.create_server(lambda: made.append(kind()) or made[0], "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for words in (b"hello, buffers", b" and more"):
            writer.write(words)
            await asyncio.sleep(0.01)
        try:
            writer.write_eof()
            print(await reader.read())
        except OSError as error:
            print(type(error).__name__)
        writer.close()
        await asyncio.sleep(0.01)
        server.close()

asyncio.run(main())
"""

PROGRAMS = {"ends": ENDS, "resets": RESETS, "reading": READING, "flow": FLOW, "kinds": KINDS}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_callback_comes_as_on_cpython(name: str) -> None:
    expected = on_cpython(PROGRAMS[name])
    assert len(expected) > 10
    assert on_loopscope(PROGRAMS[name]) == expected


@pytest.mark.parametrize("name", PROGRAMS)
def test_and_so_in_pyodide(name: str) -> None:
    lines = in_pyodide(tuple(PROGRAMS.values()))[list(PROGRAMS).index(name)]
    assert lines == on_cpython(PROGRAMS[name])
