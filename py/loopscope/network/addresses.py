"""Names and addresses of a machine that has nothing but itself.

``localhost`` is 127.0.0.1, and ::1 where IPv6 is asked for. The functions are the ``socket`` module's, with its
arguments, results and errors (``socket.gaierror``).
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, Final

from .errors import unknown_host

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

Info = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]

_SERVICES: Final = {
    "echo": 7, "discard": 9, "daytime": 13, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "time": 37,
    "domain": 53, "http": 80, "pop3": 110, "ntp": 123, "imap2": 143, "irc": 194, "https": 443,
}  # fmt: skip


def _numeric(host: str) -> IPv4Address | IPv6Address | None:
    """A numeric address; None for a name. Not by ``inet_pton``: Emscripten's knows no IPv6."""
    from ipaddress import ip_address  # a large module, which few programs need

    try:
        return ip_address(host)
    except ValueError:
        return None


def is_any(host: str) -> bool:
    """Whether ``host`` is the address that stands for all of this machine's."""
    return host in ("", "0.0.0.0", "::")


def is_here(host: str) -> bool:
    """Whether a numeric address is this machine's own."""
    if is_any(host):
        return True
    address = _numeric(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return address is not None and (mapped or address).is_loopback


def is_own_name(name: str) -> bool:
    """Whether a host name is this machine's."""
    name = name.lower().rstrip(".")
    return name in ("localhost", socket.gethostname().lower()) or name.endswith(
        (".localhost", ".localdomain")
    )


def _port(service: Any) -> int:
    if service is None:
        return 0
    if isinstance(service, bytes):
        service = service.decode()
    if isinstance(service, str) and not service.isdigit():
        if service not in _SERVICES:
            raise socket.gaierror(socket.EAI_SERVICE, "Servname not supported for ai_socktype")
        return _SERVICES[service]
    return int(service) & 0xFFFF


def _hosts(host: str | None, family: int, passive: bool) -> list[tuple[int, str]]:
    four, six = int(socket.AF_INET), int(socket.AF_INET6)
    if host is None:
        found = [(four, "0.0.0.0"), (six, "::")] if passive else [(six, "::1"), (four, "127.0.0.1")]
        return [item for item in found if family in (0, item[0])]
    numeric = _numeric(host)
    if numeric is not None:
        own = four if numeric.version == 4 else six
        if family not in (0, own):
            raise socket.gaierror(socket.EAI_FAMILY, "Address family for hostname not supported")
        return [(own, host)]
    if not is_own_name(host):
        raise unknown_host(host)
    return [(six, "::1")] if family == six else [(four, "127.0.0.1")]


def getaddrinfo(
    host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[Info]:
    """As ``socket.getaddrinfo``: (family, type, protocol, "", address) of each that ``host`` and ``port`` stand for."""
    if isinstance(host, bytes):
        host = host.decode()
    kinds = [(socket.SOCK_STREAM, 6), (socket.SOCK_DGRAM, 17), (socket.SOCK_RAW, 0)]
    wanted = [k for k in kinds if type in (0, k[0]) and proto in (0, k[1])]
    number = _port(port)
    infos: list[Info] = []
    for found, address in _hosts(host, family, bool(flags & socket.AI_PASSIVE)):
        address, _, scope = address.partition("%")
        whole: tuple[Any, ...] = (address, number)
        if found == socket.AF_INET6:
            whole += (0, int(scope) if scope.isdigit() else 0)
        infos += [(socket.AddressFamily(found), kind, protocol, "", whole) for kind, protocol in wanted]
    return infos


def getnameinfo(sockaddr: tuple[Any, ...], flags: int) -> tuple[str, str]:
    """As ``socket.getnameinfo``: host and service of an address."""
    host, port = str(sockaddr[0]), int(sockaddr[1])
    if not flags & socket.NI_NUMERICHOST and is_here(host) and not is_any(host):
        host = "localhost"
    service = str(port)
    if not flags & socket.NI_NUMERICSERV:
        service = next((name for name, known in _SERVICES.items() if known == port), service)
    return host, service


def gethostbyname(name: str) -> str:
    """As ``socket.gethostbyname``: the IPv4 address of a name."""
    return str(getaddrinfo(name or "0.0.0.0", 0, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])


def gethostbyname_ex(name: str) -> tuple[str, list[str], list[str]]:
    """As ``socket.gethostbyname_ex``: (name, other names, IPv4 addresses)."""
    return name, [], [gethostbyname(name)]


def gethostbyaddr(name: str) -> tuple[str, list[str], list[str]]:
    """As ``socket.gethostbyaddr``: (name, other names, addresses) of a name or an address."""
    address = str(getaddrinfo(name, 0, 0, socket.SOCK_STREAM)[0][4][0])
    if not is_here(address):
        raise unknown_host(address)
    return "localhost", [], [address]
