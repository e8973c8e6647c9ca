"""Datagram sockets: UDP over loopback, and Unix datagrams in memory."""

from __future__ import annotations

from collections import deque
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any, Final

from .description import BOTH, Description
from .errors import error

if TYPE_CHECKING:
    from .network import Network

LARGEST: Final = 65507  # bytes of a datagram


class Datagrams(Description):
    """A datagram socket. What nobody receives is lost; a connected one is told so by ConnectionRefusedError."""

    def __init__(self, network: Network, family: int, kind: int, protocol: int) -> None:
        super().__init__(network, family, kind, protocol)
        self.unix = family == network.unix_family
        self.receive_buffer = network.unix_buffer
        self.other: Datagrams | None = None  # of a pair
        self._inbox: deque[tuple[bytes, Any]] = deque()
        self._held = 0  # bytes in the inbox
        self._free_at = 0.0  # when the link can take more, on the loop's clock

    def ready_for(self) -> int:
        return BOTH if self.problem else EVENT_WRITE | (EVENT_READ if self._inbox else 0)

    def connect(self, address: Any) -> None:
        if self.unix:
            remote = self.network.path_of(address)
            if self.network.receiver(self, remote) is None:
                raise error("ECONNREFUSED")
        else:
            remote = self.network.destination(self, address)
            if not self.bound:
                self.local = self.network.bind(
                    self, self.address("127.0.0.1" if len(remote) == 2 else "::1", 0)
                )
        self.remote = remote

    def send(self, data: memoryview) -> int:
        if self.remote is None and self.other is None:
            raise error("ENOTCONN" if self.unix else "EDESTADDRREQ")
        return self._send(data, self.remote)

    def send_to(self, data: memoryview, address: Any) -> int:
        place = self.network.path_of(address) if self.unix else self.network.destination(self, address)
        return self._send(data, place)

    def _send(self, data: memoryview, remote: Any) -> int:
        self.raise_problem()
        if len(data) > LARGEST and not self.unix:
            raise error("EMSGSIZE")
        network = self.network
        if self.unix:
            if self.other is None and network.receiver(self, remote) is None:
                raise error("ECONNREFUSED")
            delay = 0.0
        else:
            if not self.bound:
                self.local = network.bind(self, self.nobody())
            loop = network.running_loop()
            if loop is not None and network.slow:
                begin = max(loop.time(), self._free_at)
                self._free_at = begin + (len(data) / network.bandwidth if network.bandwidth else 0.0)
                delay = self._free_at + network.latency - loop.time()
            else:
                delay = 0.0
        network.later(delay, self._deliver, bytes(data), remote)
        return len(data)

    def _deliver(self, data: bytes, remote: Any) -> None:
        receiver = self.other or self.network.receiver(self, remote)
        if receiver is not None and not receiver.closed:
            receiver._arrive(data, self._source())
        elif self.remote is not None and not self.closed:
            self.problem = "ECONNREFUSED"
            self.wake(BOTH)

    def _source(self) -> Any:
        """The address that a receiver sees."""
        if self.local is None:
            return None if self.unix else self.nobody()
        if not self.unix and self.network.is_any(self.local[0]):
            return self.address("127.0.0.1" if len(self.local) == 2 else "::1", self.local[1])
        return self.local

    def _arrive(self, data: bytes, source: Any) -> None:
        if self.remote is not None and not self.unix and source[:2] != self.remote[:2]:
            return  # connected to somebody else
        if self._held and self._held + len(data) > self.receive_buffer:
            return  # nobody reads: lost, as in any network
        self._inbox.append((data, source))
        self._held += len(data)
        self.wake_reader()

    def receive(self, count: int, peek: bool = False) -> bytes:
        return self._receive(count, peek)[0]

    def receive_from(self, count: int) -> tuple[bytes, Any]:
        return self._receive(count, False)

    def _receive(self, count: int, peek: bool) -> tuple[bytes, Any]:
        self.raise_problem()
        if not self._inbox:
            raise error("EAGAIN")
        data, source = self._inbox[0]
        if not peek:
            self._inbox.popleft()
            self._held -= len(data)
        return data[:count], source
