"""Takes the address that the server listens on, before anything else is started."""

import errno
import os
import socket
import sys
from typing import Any

from routeplanner.cli.report import EXIT_BAD_INPUT, errors

_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def taken_sockets(host: str, port: int) -> list[socket.socket]:
    """Sockets bound to every address of a host; a plain line and exit code 2 where that fails."""
    where = f"{f'[{host}]' if ':' in host else host}:{port}"
    try:
        return _bound(host, port)
    except socket.gaierror:
        words = f"there is no address {host}; name another with --host or ROUTEPLANNER_HOST"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"{where} is taken by another program"
        else:
            words = f"cannot listen on {where}: {error.strerror}"
        words += "; name another port with --port or ROUTEPLANNER_PORT"
    errors.print(words, soft_wrap=True, markup=False)
    sys.exit(EXIT_BAD_INPUT)


def _bound(host: str, port: int) -> list[socket.socket]:
    """As `asyncio` binds them; addresses of a family that this machine lacks are left out."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    faults: list[OSError] = []
    for family, kind, protocol, _, address in dict.fromkeys(found):
        try:
            sockets.append(_bound_to(family, kind, protocol, address))
        except OSError as error:
            faults.append(error)
    lasting = [error for error in faults if error.errno not in _NOT_HERE or not sockets]
    if lasting:
        for each in sockets:
            each.close()
        raise lasting[0]
    return sockets


def _bound_to(family: int, kind: int, protocol: int, address: Any) -> socket.socket:
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    return listening
