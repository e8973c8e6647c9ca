"""What a browser cannot do: the error says so, and what to use instead."""

from __future__ import annotations

import pytest
from network_runs import in_pyodide, on_loopscope

ATTEMPTS = {
    "open_connection('example.com')": ("gaierror", "'example.com' is outside"),
    "open_connection('93.184.216.34')": ("OSError", "Network is unreachable: 93.184.216.34:80 is outside"),
    "open_connection('2001:db8::1')": ("OSError", "Network is unreachable: [2001:db8::1]:80 is outside"),
    "create_connection(ssl=True)": ("gaierror", "pyodide.http.pyfetch"),
    "getaddrinfo": ("gaierror", "pyodide.http.pyfetch"),
    "datagram": ("OSError", "Network is unreachable: 8.8.8.8:53 is outside"),
    "socket.create_connection": ("gaierror", "connect to 'localhost'"),
    "sock_connect": ("OSError", "connect to 'localhost'"),
    "urlopen": ("URLError", "pyodide.http.pyfetch"),
    "start_server": ("OSError", "('192.0.2.1', 0)"),
    "raw socket": ("PermissionError", "no raw sockets"),
    "blocking accept": ("OSError", "accept() would block for ever"),
    "blocking recv": ("OSError", "loop.sock_recv() with `await`"),
    "create_subprocess_exec": ("NotImplementedError", "no processes"),
    "create_subprocess_shell": ("NotImplementedError", "no processes"),
    "add_signal_handler": ("NotImplementedError", "sends no signals"),
    "remove_signal_handler": ("NotImplementedError", "sends no signals"),
    "connect_read_pipe": ("NotImplementedError", "asyncio.to_thread(input)"),
    "connect_write_pipe": ("NotImplementedError", "no pipes"),
    "add_reader": ("NotImplementedError", "file descriptor 0"),
    "add_writer": ("NotImplementedError", "file descriptor 1"),
}

PROGRAM = """
import asyncio
import signal
import socket
import sys
import urllib.request

async def main():
    loop = asyncio.get_running_loop()
    free = socket.socket()
    free.setblocking(False)
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    listener.accept()[0].detach()
    attempts = [
        lambda: asyncio.open_connection("example.com", 80),
        lambda: asyncio.open_connection("93.184.216.34", 80),
        lambda: asyncio.open_connection("2001:db8::1", 80),
        lambda: loop.create_connection(asyncio.Protocol, "example.com", 443, ssl=True),
        lambda: loop.getaddrinfo("example.com", 80),
        lambda: loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=("8.8.8.8", 53)),
        lambda: socket.create_connection(("example.com", 80)),
        lambda: loop.sock_connect(free, ("8.8.8.8", 80)),
        lambda: urllib.request.urlopen("http://example.com/"),
        lambda: asyncio.start_server(print, "192.0.2.1", 0),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
        lambda: listener.accept(),
        lambda: client.recv(1),
        lambda: asyncio.create_subprocess_exec("ls"),
        lambda: asyncio.create_subprocess_shell("ls"),
        lambda: loop.add_signal_handler(signal.SIGTERM, print),
        lambda: loop.remove_signal_handler(signal.SIGTERM),
        lambda: loop.connect_read_pipe(asyncio.Protocol, sys.stdin),
        lambda: loop.connect_write_pipe(asyncio.Protocol, sys.stdout),
        lambda: loop.add_reader(0, print),
        lambda: loop.add_writer(1, print),
    ]
    for attempt in attempts:
        try:
            result = attempt()
            print("no error", await result if asyncio.iscoroutine(result) else result)
        except Exception as error:
            print(type(error).__name__, error)

asyncio.run(main())
"""


def check(lines: list[str], attempt: str) -> None:
    assert len(lines) == len(ATTEMPTS), lines
    kind, words = ATTEMPTS[attempt]
    line = lines[list(ATTEMPTS).index(attempt)]
    assert line.startswith(kind + " "), line
    if attempt != "start_server":  # worded by each CPython in its way
        assert words in line, line


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_refusal_says_what_to_use_instead(attempt: str) -> None:
    check(on_loopscope(PROGRAM), attempt)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_and_so_in_pyodide(attempt: str) -> None:
    check(in_pyodide((PROGRAM,))[0], attempt)
