"""A network in memory: servers and clients of one program, as tasks of one loop.

| module | what it holds |
|---|---|
| `network` | `Network`: latency, bandwidth, file descriptors, ports and paths |
| `description` | what is behind a file descriptor; `stream` and `datagrams` are its two kinds |
| `channel` | one direction of a connection: buffers, latency, bandwidth |
| `poller` | which sockets are ready, in epoll's order, and why |
| `loop` | `NetworkLoop`: asyncio's selector event loop over all that |
| `sockets`, `addresses` | the `socket` module's classes and functions |
| `install` | puts them in place while a program runs |
| `errors` | Linux's errors, and the words for what a browser cannot do |

Transports, protocols, flow control and servers are asyncio's own. What lies below them keeps Linux's rules.
"""

from .install import in_memory
from .loop import NetworkLoop
from .network import Network
from .poller import Poller

__all__ = ["Network", "NetworkLoop", "Poller", "in_memory"]
