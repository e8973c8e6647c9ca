"""What programs do with sockets themselves: asyncio's documented examples, `loop.sock_*`, datagrams, Unix sockets."""

from __future__ import annotations

import pytest
from network_runs import in_pyodide, on_cpython, on_loopscope

# The examples of the pages "Transports and Protocols", "Event Loop" and "Streams", as they stand there.
DOCUMENTED = """
import asyncio
import socket
from socket import socketpair

class EchoServerProtocol(asyncio.Protocol):
    def connection_made(self, transport):
        peername = transport.get_extra_info('peername')
        print('Connection from {}'.format(peername))
        self.transport = transport

    def data_received(self, data):
        message = data.decode()
        print('Data received: {!r}'.format(message))

        print('Send: {!r}'.format(message))
        self.transport.write(data)

        print('Close the client socket')
        self.transport.close()

class EchoClientProtocol(asyncio.Protocol):
    def __init__(self, message, on_con_lost):
        self.message = message
        self.on_con_lost = on_con_lost

    def connection_made(self, transport):
        transport.write(self.message.encode())
        print('Data sent: {!r}'.format(self.message))

    def data_received(self, data):
        print('Data received: {!r}'.format(data.decode()))

    def connection_lost(self, exc):
        print('The server closed the connection')
        self.on_con_lost.set_result(True)

async def tcp_echo():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(EchoServerProtocol, '127.0.0.1', 18889)
    async with server:
        on_con_lost = loop.create_future()
        transport, protocol = await loop.create_connection(
            lambda: EchoClientProtocol('Hello World!', on_con_lost), '127.0.0.1', 18889)
        try:
            await on_con_lost
        finally:
            transport.close()

class UDPServerProtocol:
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        message = data.decode()
        print('Received %r from %s' % (message, addr))
        print('Send %r to %s' % (message, addr))
        self.transport.sendto(data, addr)

    def connection_lost(self, exc):
        print('Server closed')

class UDPClientProtocol:
    def __init__(self, message, on_con_lost):
        self.message = message
        self.on_con_lost = on_con_lost
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport
        print('Send:', self.message)
        self.transport.sendto(self.message.encode())

    def datagram_received(self, data, addr):
        print("Received:", data.decode())
        print("Close the socket")
        self.transport.close()

    def error_received(self, exc):
        print('Error received:', exc)
        self.transport.close()

    def connection_lost(self, exc):
        print("Connection closed")
        self.on_con_lost.set_result(True)

async def udp_echo():
    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(UDPServerProtocol, local_addr=('127.0.0.1', 19999))
    for _ in range(2):  # the second time nobody is there
        on_con_lost = loop.create_future()
        transport, protocol = await loop.create_datagram_endpoint(
            lambda: UDPClientProtocol("Hello World!", on_con_lost), remote_addr=('127.0.0.1', 19999))
        try:
            await on_con_lost
        finally:
            transport.close()
        server.close()
        await asyncio.sleep(0)

class MyProtocol(asyncio.Protocol):
    def __init__(self, on_con_lost):
        self.transport = None
        self.on_con_lost = on_con_lost

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        print("Received:", data.decode())
        self.transport.close()

    def connection_lost(self, exc):
        self.on_con_lost.set_result(True)

async def connect_existing_socket():
    loop = asyncio.get_running_loop()
    on_con_lost = loop.create_future()
    rsock, wsock = socket.socketpair()
    transport, protocol = await loop.create_connection(lambda: MyProtocol(on_con_lost), sock=rsock)
    loop.call_soon(wsock.send, 'abc'.encode())
    try:
        await protocol.on_con_lost
    finally:
        transport.close()
        wsock.close()

async def wait_for_data():
    loop = asyncio.get_running_loop()
    rsock, wsock = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=rsock)
    loop.call_soon(wsock.send, 'abc'.encode())
    data = await reader.read(100)
    print("Received:", data.decode())
    writer.close()
    wsock.close()

asyncio.run(tcp_echo())
asyncio.run(udp_echo())
asyncio.run(connect_existing_socket())
asyncio.run(wait_for_data())

rsock, wsock = socketpair()
loop = asyncio.new_event_loop()

def reader():
    data = rsock.recv(100)
    print("Received:", data.decode())
    loop.remove_reader(rsock)
    loop.stop()

loop.add_reader(rsock, reader)
loop.call_soon(wsock.send, 'abc'.encode())

try:
    loop.run_forever()
finally:
    rsock.close()
    wsock.close()
    loop.close()
"""

SOCKETS = """
import asyncio
import errno
import socket

async def main():
    loop = asyncio.get_running_loop()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.setblocking(False)

    print("== sock_accept, sock_connect, sock_recv, sock_sendall")
    async def serve():
        connection, address = await loop.sock_accept(listener)
        print("accepted", address[0], connection.gettimeout())
        while data := await loop.sock_recv(connection, 5):
            print("server:", data)
            await loop.sock_sendall(connection, data.upper())
        connection.close()
    serving = asyncio.create_task(serve())
    client = socket.socket()
    client.setblocking(False)
    await loop.sock_connect(client, listener.getsockname())
    print(client.getpeername() == listener.getsockname(), client.family, client.type, client.proto)
    await loop.sock_sendall(client, b"hello world")
    buffer = bytearray(20)
    count = await loop.sock_recv_into(client, buffer)
    print(count, bytes(buffer[:count]))
    try:
        client.recv(1)
    except BlockingIOError as error:
        print(error, error.errno == errno.EAGAIN)
    client.shutdown(socket.SHUT_WR)
    await serving
    print(await loop.sock_recv(client, 10))
    client.close()

    print("== errors")
    for wrong in (
        lambda: client.send(b"x"),
        lambda: client.getsockname(),
        lambda: listener.getpeername(),
        lambda: listener.bind(("127.0.0.1", 0)),
        lambda: socket.socket().connect(("127.0.0.1", 1)),
        lambda: socket.socket().connect("nowhere"),
        lambda: socket.socket().connect(("127.0.0.1", 99999)),
        lambda: socket.socket().recv(1),
        lambda: socket.socket().send(b"x"),
        lambda: socket.socket().send("text"),
        lambda: socket.socket().shutdown(socket.SHUT_WR),
        lambda: socket.socket().accept(),
        lambda: socket.socket(type=socket.SOCK_DGRAM).send(b"x"),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(bytes(70_000), ("127.0.0.1", 1)),
        lambda: socket.socket(type=socket.SOCK_DGRAM).listen(),
    ):
        try:
            print(wrong())
        except Exception as error:
            print(type(error).__name__, error)
    print(client.fileno(), socket.socket().connect_ex(("127.0.0.1", 1)) == errno.ECONNREFUSED)

    print("== a listener of one's own, files, a blocking client")
    async def handle(reader, writer):
        writer.write(await reader.readline())
        writer.close()
    server = await asyncio.start_server(handle, sock=listener)
    print(server.sockets[0].getsockname() == listener.getsockname())
    with socket.create_connection(listener.getsockname()) as blocking:
        blocking.sendall(b"by makefile\\n")
        await asyncio.sleep(0.01)
        with blocking.makefile("rb") as file:
            print(file.readline(), file.read())
    server.close()

    print("== pairs")
    a, b = socket.socketpair()
    a.send(b"one")
    a.send(b"two")
    print(b.recv(100, socket.MSG_PEEK), b.recv(100))
    a.close()
    print(b.recv(1))
    try:
        b.send(b"x")
    except BrokenPipeError as error:
        print(error)
    b.close()
    a, b = socket.socketpair()
    a.send(b"unread")
    a.settimeout(0.01)
    try:
        a.recv(1)
    except TimeoutError as error:
        print(repr(error))
    b.close()
    for _ in range(2):
        try:
            print(a.recv(1))
        except ConnectionResetError as error:
            print(error)
    a.close()
    a, b = socket.socketpair()
    again = a.dup()
    a.close()
    again.send(b"dup")
    print(b.recv(10))
    third = socket.socket(fileno=again.detach())
    third.sendmsg([b"det", b"ached"])
    print(b.recv(10), third.family == b.family, isinstance(third, socket.socket))
    third.close()
    b.close()

    print("== names and options")
    print(await loop.getaddrinfo("127.0.0.1", "http", type=socket.SOCK_STREAM))
    print(await loop.getaddrinfo(None, 80, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE))
    print(await loop.getnameinfo(("127.0.0.1", 443), socket.NI_NUMERICHOST), socket.gethostbyname("localhost"))
    with socket.socket() as sock:
        for name in ("SO_TYPE", "SO_ACCEPTCONN", "SO_REUSEADDR", "SO_ERROR", "SO_KEEPALIVE"):
            print(name, sock.getsockopt(socket.SOL_SOCKET, getattr(socket, name)))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        print(sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
        sock.bind(("127.0.0.1", 0))
        with socket.socket() as other:
            try:
                other.bind(sock.getsockname())
            except OSError as error:
                print(error, error.errno == errno.EADDRINUSE)

asyncio.run(main())
"""

UNIX = """
import asyncio
import os
import tempfile

async def handle(reader, writer):
    writer.write((await reader.readline()).upper())
    writer.close()

async def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        try:
            await asyncio.open_unix_connection(path)
        except FileNotFoundError as error:
            print(error)
        server = await asyncio.start_unix_server(handle, path)
        print(os.path.exists(path), server.sockets[0].getsockname() == path)
        reader, writer = await asyncio.open_unix_connection(path)
        print(repr(writer.get_extra_info("sockname")), writer.get_extra_info("peername") == path)
        writer.write(b"hello\\n")
        print(await reader.read())
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        server = await asyncio.start_unix_server(handle, path)
        os.unlink(path)
        try:
            await asyncio.open_unix_connection(path)
        except FileNotFoundError as error:
            print(error)
        server.close()

asyncio.run(main())
"""

DATAGRAMS = """
import asyncio

class Logged(asyncio.DatagramProtocol):
    def __init__(self, name):
        self.name = name

    def connection_made(self, transport):
        self.t = transport
        print(self.name, "connection_made", transport.get_extra_info("peername") is not None)

    def datagram_received(self, data, address):
        print(self.name, "datagram_received", data, address[0])

    def error_received(self, error):
        print(self.name, "error_received", error)

    def connection_lost(self, error):
        print(self.name, "connection_lost", error)

async def main():
    loop = asyncio.get_running_loop()
    a, _ = await loop.create_datagram_endpoint(lambda: Logged("a"), local_addr=("127.0.0.1", 0))
    b, _ = await loop.create_datagram_endpoint(lambda: Logged("b"), remote_addr=a.get_extra_info("sockname"))
    for n in range(3):
        b.sendto(b"datagram %d" % n)
    for turn in range(5):
        await asyncio.sleep(0)
        print("turn", turn)
    a.sendto(b"back", b.get_extra_info("sockname"))
    a.sendto(b"to nobody", ("127.0.0.1", 1))
    await asyncio.sleep(0.01)
    try:
        b.sendto(b"elsewhere", ("127.0.0.1", 1))
    except ValueError as error:
        print(str(error)[:15])
    a.close()
    await asyncio.sleep(0.01)
    for n in range(2):
        b.sendto(b"is anybody there?")
        await asyncio.sleep(0.01)
    b.abort()
    await asyncio.sleep(0.01)

asyncio.run(main())
"""

PROGRAMS = {"documented": DOCUMENTED, "sockets": SOCKETS, "unix": UNIX, "datagrams": DATAGRAMS}


@pytest.mark.parametrize("name", PROGRAMS)
def test_sockets_do_what_they_do_on_cpython(name: str) -> None:
    expected = on_cpython(PROGRAMS[name])
    assert len(expected) > 4
    assert on_loopscope(PROGRAMS[name]) == expected


@pytest.mark.parametrize("name", PROGRAMS)
def test_and_so_in_pyodide(name: str) -> None:
    lines = in_pyodide(tuple(PROGRAMS.values()))[list(PROGRAMS).index(name)]
    assert lines == on_cpython(PROGRAMS[name])
