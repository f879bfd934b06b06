"""The address of an external store, with the name and the password for it, which appear in no message."""

from __future__ import annotations

import netrc
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from trialgraph.base.errors import UsageError
from trialgraph.base.settings import Settings

__all__ = ["CREDENTIALS", "StoreAddress", "store_address"]

#: How to give name and password.
CREDENTIALS: Final = "set TRIALGRAPH_STORE_USER and TRIALGRAPH_STORE_PASSWORD, or give --store-netrc FILE"


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where an external store answers.

    :param secure: by TLS
    :param path: with the parameters that belong to the address, which may be a key: it appears in no message
    """

    secure: bool
    host: str
    port: int
    path: str = field(repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def words(self) -> str:
        """For messages: the address without parameters and credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == (443 if self.secure else 80) else f":{self.port}"
        return f"{'https' if self.secure else 'http'}://{host}{port}{self.path.partition('?')[0]}"

    def at(self, path: str) -> StoreAddress:
        """Another path of the same server, with the same credentials."""
        return replace(self, path=path)


def store_address(url: str, settings: Settings) -> StoreAddress:
    """The address of a store, with the credentials of the settings.

    :param settings: ``store_user`` and ``store_password``; else ``store_netrc``, for the host of the address
    :raises UsageError: it is no address, or holds a password; the netrc file cannot be read
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "the address of a store holds a name or a password, which process lists and logs would show",
            where="store",
            hint=CREDENTIALS,
        )
    if parts.scheme not in ("http", "https") or not host or port == 0 or not re.fullmatch(r"[!-~]+", url):
        raise UsageError("this is no address of a store", where="store", hint="give an http or https address")
    if parts.fragment:
        raise UsageError("the address of a store has no part behind #", where="store", hint="leave it out")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    user, password = _credentials(host, settings)
    return StoreAddress(secure, host, port or (443 if secure else 80), path, user, password)


def _credentials(host: str, settings: Settings) -> tuple[str, str]:
    if settings.store_user:
        return settings.store_user, settings.store_password
    if not settings.store_netrc:
        return "", ""
    path = Path(settings.store_netrc).expanduser()
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), hint="give another netrc file"
        ) from None
    except netrc.NetrcParseError as error:  # its text may hold what stands in the line
        raise UsageError(
            f"line {error.lineno} is none of a netrc file", where=str(path), hint="correct it"
        ) from None
    if found is None:
        raise UsageError(f"it has no entry for {host}", where=str(path), hint="add one, or give another file")
    return found[0], found[2]
