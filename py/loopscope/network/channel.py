"""One direction of a connection: a link with a latency and a bandwidth between two buffers.

         send ──▶ │ waits for the link │ travels │ received │ ──▶ take
                  └──────────── at most `capacity` bytes ───────────┘

Without latency and bandwidth what is sent has arrived when ``send`` returns, as on Linux's loopback. Otherwise it
arrives by timers of the running loop.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .network import Network
    from .stream import Stream

SEGMENT: Final = 65536  # bytes that travel together over a link with a bandwidth


class Mark(Enum):
    """What travels besides data."""

    FIN = "fin"  # nothing follows
    RST = "rst"  # the connection is gone


class Channel:
    """From ``sender`` to ``receiver``."""

    def __init__(self, network: Network, sender: Stream, receiver: Stream) -> None:
        self._network = network
        self.sender = sender
        self.receiver = receiver
        self.held = 0  # bytes that were sent and not yet taken
        self.received = bytearray()
        self._travelling: deque[bytes | Mark] = deque()
        self._free_at = 0.0  # when the link can take more, on the loop's clock
        self._last_at = 0.0  # when the last of what travels arrives

    @property
    def capacity(self) -> int:
        return self.sender.send_buffer + self.receiver.receive_buffer

    @property
    def writable(self) -> bool:
        """Whether a writer may go on: as in Linux, when a third is free, or three quarters of a Unix socket's."""
        return self.held * 4 <= self.capacity if self.sender.unix else self.held * 3 <= self.capacity * 2

    def send(self, data: memoryview) -> int:
        """Accept what fits of ``data`` (bytes); how much that was."""
        count = min(len(data), self.capacity - self.held)
        if count <= 0:
            return 0
        self.held += count
        size = SEGMENT if self._network.bandwidth else count
        for at in range(0, count, size):
            self.put(bytes(data[at : min(at + size, count)]))
        return count

    def put(self, item: bytes | Mark) -> None:
        """Send on its way what was accepted, or a mark."""
        network = self._network
        loop = network.running_loop()
        if loop is None:  # nobody's time passes
            while self._travelling:
                self._land()
        elif self._travelling or (network.slow and self.sender.network_link):
            size = 0 if isinstance(item, Mark) else len(item)
            begin = max(loop.time(), self._free_at)
            self._free_at = begin + (size / network.bandwidth if network.bandwidth else 0.0)
            self._last_at = max(self._last_at, self._free_at + network.latency)
            self._travelling.append(item)
            loop.call_at(self._last_at, self._land)
            return
        self._arrive(item)

    def _land(self) -> None:
        if self._travelling:
            self._arrive(self._travelling.popleft())

    def _arrive(self, item: bytes | Mark) -> None:
        receiver = self.receiver
        if item is Mark.FIN:
            receiver.end_arrived()
        elif item is Mark.RST:
            receiver.reset_arrived()
        elif receiver.closed:
            receiver.refuse_data()
        else:
            self.received += item
            receiver.wake_reader()

    def take(self, count: int) -> bytes:
        """At most ``count`` bytes of what has arrived."""
        received = self.received
        data = bytes(memoryview(received)[:count])
        del received[: len(data)]
        self.held -= len(data)
        if self.writable:
            self.sender.wake_writer()
        return data

    def discard(self) -> None:
        """Forget what has arrived: its receiver is closed."""
        self.held -= len(self.received)
        self.received.clear()

    def drop(self) -> None:
        """Nobody takes any more: forget what is held."""
        self.received.clear()
        self._travelling.clear()
        self.held = 0
