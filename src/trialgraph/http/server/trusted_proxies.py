"""The setting ``trusted_proxy``: whose forwarding headers are believed."""

from __future__ import annotations

import ipaddress

from trialgraph.base.errors import InputError
from trialgraph.http.server.listener import UNIX

__all__ = ["TrustedProxies"]


class TrustedProxies:
    """The addresses and networks of the setting ``trusted_proxy``.

    :raises InputError: one is neither an address, a network, ``unix`` nor ``*``
    """

    def __init__(self, named: str) -> None:
        words = named.replace(",", " ").split()
        self.everyone, self.unix = "*" in words, UNIX in words
        try:
            self._networks = [
                ipaddress.ip_network(word.strip("[]")) for word in words if word not in ("*", UNIX)
            ]
        except ValueError as error:
            raise InputError(
                f"no address or network of a proxy ({error})",
                where="trusted_proxy",
                hint="give addresses like 127.0.0.1, networks like 10.0.0.0/24, unix for a Unix socket, or * for any",
            ) from error

    def __contains__(self, address: str) -> bool:
        if self.everyone or (self.unix and address == UNIX):
            return True
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address):
            found = found.ipv4_mapped or found
        return any(found in network for network in self._networks)
