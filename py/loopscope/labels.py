"""Library frames and futures → the field's names: what a task waits for, in words.

A suspended task's await chain runs from the program's own coroutines into the library's. The library coroutine in
which the chain ends tells what is awaited; the one the program called tells in what.
"""

from __future__ import annotations

import asyncio
from typing import Final

from .ids import type_name

TASK: Final = asyncio.Task  # while a program runs that name means a class below it

# qualified name of a library coroutine → (wait kind, label)
AWAITABLES: Final[dict[str, tuple[str, str]]] = {
    "sleep": ("sleep", "sleep"),
    "__sleep0": ("sleep", "sleep"),
    "Lock.acquire": ("sync", "Lock.acquire"),
    "_ContextManagerMixin.__aenter__": ("sync", "acquire"),
    "Event.wait": ("sync", "Event.wait"),
    "Condition.wait": ("sync", "Condition.wait"),
    "Condition.wait_for": ("sync", "Condition.wait_for"),
    "Semaphore.acquire": ("sync", "Semaphore.acquire"),
    "Barrier.wait": ("sync", "Barrier.wait"),
    "Barrier._block": ("sync", "Barrier.wait"),
    "Barrier._wait": ("sync", "Barrier.wait"),
    "Queue.get": ("queue", "Queue.get"),
    "Queue.put": ("queue", "Queue.put"),
    "Queue.join": ("queue", "Queue.join"),
    "wait": ("task", "wait"),
    "_wait": ("task", "wait"),
    "wait_for": ("task", "wait_for"),
    "_AsCompletedIterator._wait_for_one": ("task", "as_completed"),
    "_AsCompletedIterator.__anext__": ("task", "as_completed"),
    "as_completed.<locals>._wait_for_one": ("task", "as_completed"),
    "TaskGroup.__aexit__": ("task", "TaskGroup"),
    "TaskGroup._aexit": ("task", "TaskGroup"),
    "to_thread": ("io", "to_thread"),
    "StreamReader.read": ("io", "StreamReader.read"),
    "StreamReader.readline": ("io", "StreamReader.readline"),
    "StreamReader.readexactly": ("io", "StreamReader.readexactly"),
    "StreamReader.readuntil": ("io", "StreamReader.readuntil"),
    "StreamWriter.drain": ("io", "StreamWriter.drain"),
    "StreamWriter.wait_closed": ("io", "StreamWriter.wait_closed"),
    "open_connection": ("io", "open_connection"),
    "start_server": ("io", "start_server"),
    "Server.serve_forever": ("io", "Server.serve_forever"),
    "open_unix_connection": ("io", "open_unix_connection"),
    "start_unix_server": ("io", "start_unix_server"),
    "Server.wait_closed": ("io", "Server.wait_closed"),
    "BaseEventLoop.create_connection": ("io", "create_connection"),
    "BaseEventLoop.create_server": ("io", "create_server"),
    "BaseEventLoop.create_datagram_endpoint": ("io", "create_datagram_endpoint"),
    "BaseEventLoop.getaddrinfo": ("io", "getaddrinfo"),
    "BaseEventLoop.getnameinfo": ("io", "getnameinfo"),
    "BaseSelectorEventLoop.sock_accept": ("io", "sock_accept"),
    "BaseSelectorEventLoop.sock_connect": ("io", "sock_connect"),
    "BaseSelectorEventLoop.sock_recv": ("io", "sock_recv"),
    "BaseSelectorEventLoop.sock_recv_into": ("io", "sock_recv_into"),
    "BaseSelectorEventLoop.sock_recvfrom": ("io", "sock_recvfrom"),
    "BaseSelectorEventLoop.sock_sendall": ("io", "sock_sendall"),
    "pyfetch": ("io", "pyfetch"),
}

_WHOLE: Final = frozenset(
    {
        "open_connection",
        "open_unix_connection",
        "start_server",
        "start_unix_server",
        "create_connection",
        "create_server",
        "create_datagram_endpoint",
    }
)


def wait_label(chain: list[tuple[str, bool]]) -> tuple[str, str]:
    """Wait kind and label of an await chain of (qualified name, program's own), outermost first.

    Both are empty where the chain ends in the program's own code or in a library coroutine without a name here.
    """
    tail: list[str] = []
    for name, own in reversed(chain):
        if own:
            break
        tail.append(name)
    known = [AWAITABLES[name] for name in tail if name in AWAITABLES]
    if not known:
        return ("", tail[-1]) if tail else ("", "")
    # How asyncio's own connections are made tells nothing: open_connection calls create_connection calls sock_connect.
    while len(known) > 1 and known[1][1] in _WHOLE:
        del known[0]
    kind, label = known[0]
    outer = known[-1][1]
    if outer.startswith(("Queue.", "Stream")) or outer == "as_completed":
        return known[-1]  # how they do it is their own affair
    if label == "Lock.acquire" and outer in ("Condition.wait", "Condition.wait_for"):
        return kind, "Condition.wait, for its lock"
    if label == outer or outer == "acquire" or label.startswith("Barrier") or label.startswith("Condition"):
        return kind, outer if label.startswith(("Barrier", "Condition")) and outer != "acquire" else label
    return kind, f"{label} in {outer}"


def object_label(waiter: object) -> str:
    """What an awaited object is, in the field's words; empty for a plain future or a task, which need none."""
    kind = type(waiter)
    if kind is asyncio.Future or issubclass(kind, TASK):
        return ""
    name = type_name(kind).rpartition(".")[2]
    return {"_GatheringFuture": "gather", "PromiseFuture": "JavaScript promise"}.get(name, name)
