"""Whether an address is of this machine or of a private network: a stranger's is treated with more care."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_near(url: str, loopback: bool = False) -> bool:
    """Return True when every address of the host is private or this machine's; not for unknown names."""
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname, None)
    except OSError:
        return False
    places = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    return all(place.is_loopback if loopback else place.is_private for place in places)
