"""Stream sockets: TCP over loopback and Unix sockets in memory, with Linux's rules for ends and resets.

new ──bind──▶ listening                            accept: takes what connected
 └──connect──▶ connecting ──▶ connected ──▶ dead   dead: reset by the other side
                    └──▶ refused

close, everything read      FIN: the other side reads what is left, then its end
close, something unread     RST: the other side reads what is left, then ConnectionResetError
data for a closed socket    RST: the other side's next write raises BrokenPipeError
"""

from __future__ import annotations

from collections import deque
from selectors import EVENT_READ, EVENT_WRITE
from socket import SHUT_RD, SHUT_RDWR, SHUT_WR, SO_LINGER, SOL_SOCKET
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from .channel import Channel, Mark
from .description import BOTH, Description
from .errors import error

if TYPE_CHECKING:
    from .network import Network

_LINGER: Final = Struct("ii")


class Stream(Description):
    """A stream socket of either family and in either role."""

    def __init__(self, network: Network, family: int, kind: int, protocol: int) -> None:
        super().__init__(network, family, kind, protocol)
        self.state = "new"
        self.unix = family == network.unix_family
        self.network_link = not self.unix  # latency and bandwidth apply
        if self.unix:
            self.send_buffer = self.receive_buffer = network.unix_buffer
        self.inbox: Channel | None = None
        self.outbox: Channel | None = None
        self.ended = False  # the other side's FIN has arrived
        self.shut_read = self.shut_write = False
        self._backlog = 0
        self._accepted: deque[Stream] = deque()  # connected, not yet taken by accept()
        self._waiting: deque[Stream] = deque()  # would connect, but the backlog is full

    @property
    def listens(self) -> bool:
        return self.state == "listening"

    @property
    def peer(self) -> Stream | None:
        return self.outbox.receiver if self.outbox else None

    def ready_for(self) -> int:
        if self.state == "listening":
            return EVENT_READ if self._accepted else 0
        if self.state == "connecting":
            return 0
        if self.inbox is None or self.outbox is None or self.state == "dead" or self.problem:
            return BOTH
        if self.ended and (self.shut_write or (self.unix and self.outbox.receiver.closed)):
            return BOTH
        mask = EVENT_READ if self.inbox.received or self.ended or self.shut_read else 0
        return mask | (EVENT_WRITE if self.shut_write or self.outbox.writable else 0)

    # -- connecting

    def listen(self, backlog: int) -> None:
        if self.state not in ("new", "listening"):
            raise error("EINVAL")
        if not self.bound:
            self.bind(self.nobody())
        self.network.check_listens_alone(self)
        self.state = "listening"
        self._backlog = max(backlog, 0)

    def connect(self, address: Any) -> None:
        """Begin to connect; raises BlockingIOError where that takes its time, as it does with TCP."""
        if self.state == "connecting":
            raise error("EALREADY")
        if self.state in ("connected", "dead", "listening"):
            raise error("EISCONN")
        if self.unix:
            self._knock(self.network.path_of(address))
            if self.state == "refused":
                self.state = "new"
                self.raise_problem()
            if self.state == "connecting":
                raise error("EAGAIN")
            return
        remote = self.network.destination(self, address)
        if not self.bound:
            self.local = self.network.bind(self, self.address("127.0.0.1" if len(remote) == 2 else "::1", 0))
        self.state = "connecting"
        self.network.later(2 * self.network.latency, self._knock, remote)
        raise error("EINPROGRESS")

    def _knock(self, remote: Any) -> None:
        """The first packet's answer: connected, refused, or none as long as the listener's backlog is full."""
        if self.closed:
            return
        self.state = "connecting"
        listener = self.network.listener(self, remote)
        if listener is None:
            self.state, self.problem = "refused", "ECONNREFUSED"
            self.wake(BOTH)
            return
        self.remote = remote
        if len(listener._accepted) > listener._backlog:
            listener._waiting.append(self)
        else:
            listener._admit(self)

    def _admit(self, client: Stream) -> None:
        server = Stream(self.network, self.family, self.kind, self.protocol)
        server.options = dict(self.options)
        server.send_buffer, server.receive_buffer = self.send_buffer, self.receive_buffer
        server.local, server.remote = client.remote, client.local if client.bound else client.nobody()
        server.join(client)
        client.wake_writer()
        self._accepted.append(server)  # counts for the backlog from now on
        self.network.later(self.network.latency if self.network_link else 0, self.wake_reader)

    def join(self, other: Stream) -> None:
        """Connect two streams."""
        self.outbox = other.inbox = Channel(self.network, self, other)
        self.inbox = other.outbox = Channel(self.network, other, self)
        self.state = other.state = "connected"

    def accept(self) -> Stream:
        if self.state != "listening":
            raise error("EINVAL")
        if not self._accepted:
            raise error("EAGAIN")
        stream = self._accepted.popleft()
        while self._waiting and len(self._accepted) <= self._backlog:
            client = self._waiting.popleft()
            if not client.closed:
                self._admit(client)
        return stream

    # -- data

    def send(self, data: memoryview) -> int:
        outbox = self.outbox
        if not self.unix:
            self.raise_problem()
        if self.state == "connecting":
            raise error("EAGAIN")
        if outbox is None:
            raise error("ENOTCONN" if self.unix else "EPIPE")
        gone = self.unix and (outbox.receiver.closed or outbox.receiver.shut_read)
        if self.shut_write or self.state == "dead" or gone:
            raise error("EPIPE")
        if not len(data):
            return 0
        count = outbox.send(data)
        if not count:
            raise error("EAGAIN")
        return count

    def receive(self, count: int, peek: bool = False) -> bytes:
        inbox = self.inbox
        if inbox is not None and inbox.received and not self.shut_read:
            return bytes(inbox.received[:count]) if peek else inbox.take(count)
        if self.ended and not self.unix:
            return b""
        self.raise_problem()
        if self.ended or self.shut_read or self.state == "dead":
            return b""
        if inbox is None:
            raise error("EINVAL" if self.unix else "ENOTCONN")
        raise error("EAGAIN")

    def send_to(self, data: memoryview, address: Any) -> int:
        return self.send(data)  # a connection has one destination; Linux ignores what is said of another

    def shutdown(self, how: int) -> None:
        if self.state != "connected" or self.outbox is None:
            if self.unix:
                return
            raise error("ENOTCONN")
        self.shut_read |= how in (SHUT_RD, SHUT_RDWR)
        ends = how in (SHUT_WR, SHUT_RDWR) and not self.shut_write
        self.shut_write |= ends
        if self.unix:  # Linux looks at the two sides in this order
            self.wake(BOTH)
        if ends:
            self.outbox.put(Mark.FIN)
        if not self.unix:
            self.wake(BOTH)

    # -- what arrives

    def end_arrived(self) -> None:
        self.ended = True
        self.wake(BOTH if self.shut_write or self.unix else EVENT_READ)

    def reset_arrived(self) -> None:
        if self.closed or self.state == "dead" or self.outbox is None:
            return
        self.problem = "EPIPE" if self.ended and not self.shut_write and not self.unix else "ECONNRESET"
        self.state = "dead"
        self.outbox.drop()
        self.wake(BOTH)

    def refuse_data(self) -> None:
        """Data arrived for a socket that is closed."""
        if self.outbox is not None:
            self.outbox.put(Mark.RST)

    def release(self) -> None:
        super().release()
        for waiting in self._waiting:
            if not waiting.closed:
                waiting.state, waiting.problem = "refused", "ECONNREFUSED"
                waiting.wake(BOTH)
        for stream in self._accepted:
            stream.closed = True
            stream._say_goodbye(True)
        self._say_goodbye(False)

    def _say_goodbye(self, hard: bool) -> None:
        if self.state != "connected" or self.outbox is None or self.inbox is None:
            return
        if hard or self.inbox.received or self._resets():
            self.outbox.put(Mark.RST)
        elif not self.shut_write:
            self.outbox.put(Mark.FIN)
        elif self.unix and (peer := self.peer):
            peer.wake(BOTH)
        self.inbox.discard()

    def _resets(self) -> bool:
        """Whether closing it resets the connection: SO_LINGER with zero seconds."""
        value = self.options.get((SOL_SOCKET, SO_LINGER))
        return isinstance(value, bytes) and len(value) >= 8 and _LINGER.unpack_from(value) == (1, 0)
