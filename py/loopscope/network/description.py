"""What is behind a file descriptor: the kernel's side of a socket."""

from __future__ import annotations

import socket
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any

from .errors import error, number

if TYPE_CHECKING:
    from .network import Network
    from .poller import Interest

BOTH = EVENT_READ | EVENT_WRITE


class Description:
    """An open socket. Several file descriptors may share it; the last that is closed closes it.

    Operations never block: where they would they raise BlockingIOError.
    """

    def __init__(self, network: Network, family: int, kind: int, protocol: int) -> None:
        self.network = network
        self.family = family
        self.kind = kind
        self.protocol = protocol
        self.references = 0
        self.closed = False
        self.local: Any = None  # address, as the socket module has it
        self.remote: Any = None
        self.bound = False  # `local` is in the network's table
        self.problem = ""  # name of the error that the next operation raises
        self.options: dict[tuple[int, int], int | bytes] = {}
        self.send_buffer = network.send_buffer  # bytes
        self.receive_buffer = network.receive_buffer
        self.interests: list[Interest] = []

    # -- readiness

    def ready_for(self) -> int:
        """EVENT_READ and EVENT_WRITE, where an operation would not block."""
        raise NotImplementedError

    def wake(self, mask: int) -> None:
        """Whoever watches for ``mask`` shall look."""
        for interest in self.interests:
            interest.wake(mask)

    def wake_reader(self) -> None:
        self.wake(EVENT_READ)

    def wake_writer(self) -> None:
        self.wake(EVENT_WRITE)

    # -- addresses

    @property
    def listens(self) -> bool:
        """Whether it takes connections."""
        return False

    def nobody(self) -> Any:
        """The address of a socket that has none."""
        if self.family == self.network.unix_family:
            return ""
        return ("0.0.0.0", 0) if self.family == socket.AF_INET else ("::", 0, 0, 0)

    def address(self, host: str, port: int) -> Any:
        """An address of this family."""
        return (host, port) if self.family == socket.AF_INET else (host, port, 0, 0)

    def bind(self, address: Any) -> None:
        if self.bound:
            raise error("EINVAL")
        self.local = self.network.bind(self, address)

    # -- options

    def take_problem(self) -> int:
        """The pending error's number, 0 for none, as ``getsockopt(SO_ERROR)``."""
        problem, self.problem = self.problem, ""
        return number(problem) if problem else 0

    def raise_problem(self) -> None:
        if self.problem:
            problem, self.problem = self.problem, ""
            raise error(problem)

    def set_option(self, level: int, option: int, value: int | bytes) -> None:
        if level == socket.SOL_SOCKET and isinstance(value, int):
            if option == socket.SO_SNDBUF:
                self.send_buffer = max(2 * value, 4608)  # Linux doubles it, and has these bounds
            elif option == socket.SO_RCVBUF:
                self.receive_buffer = max(2 * value, 2304)
        self.options[level, option] = value

    def get_option(self, level: int, option: int) -> int | bytes:
        if level == socket.SOL_SOCKET:
            told: dict[int, int] = {
                socket.SO_TYPE: self.kind,
                socket.SO_SNDBUF: self.send_buffer,
                socket.SO_RCVBUF: self.receive_buffer,
                socket.SO_ACCEPTCONN: int(self.listens),
            }
            if option == socket.SO_ERROR:
                return self.take_problem()
            if option in told:
                return told[option]
        return self.options.get((level, option), 0)

    def is_set(self, name: str) -> bool:
        """Whether the SOL_SOCKET option of this name is on."""
        option = getattr(socket, name, None)
        return option is not None and bool(self.options.get((socket.SOL_SOCKET, option)))

    # -- what each kind of socket does in its way

    def connect(self, address: Any) -> None:
        raise NotImplementedError

    def send(self, data: memoryview) -> int:
        raise NotImplementedError

    def receive(self, count: int, peek: bool = False) -> bytes:
        raise NotImplementedError

    def shutdown(self, how: int) -> None:
        raise error("ENOTCONN")

    def send_to(self, data: memoryview, address: Any) -> int:
        raise error("EISCONN" if self.remote else "EOPNOTSUPP")

    def receive_from(self, count: int) -> tuple[bytes, Any]:
        return self.receive(count), None

    def listen(self, backlog: int) -> None:
        raise error("EOPNOTSUPP")

    def accept(self) -> Description:
        raise error("EOPNOTSUPP")

    def release(self) -> None:
        """The last file descriptor was closed."""
        self.closed = True
        self.network.unbind(self)
        for interest in list(self.interests):
            interest.forget()
