"""Addresses that are fetched: https alone, or http on this machine; redirects stay with it."""

from __future__ import annotations

import urllib.parse
import urllib.request
from typing import IO, Final

from trialgraph.base.errors import UsageError

__all__ = ["check_https", "https_opener"]

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def check_https(address: str) -> None:
    """Return where an address may be fetched.

    :raises UsageError: it is not https, nor http on this machine, or it is no address
    """
    try:
        parts = urllib.parse.urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    except ValueError:
        is_safe = False
    if not is_safe:
        raise UsageError("only https is fetched", where=address, hint="give another address")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Redirects are followed where they stay with https."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        try:
            check_https(newurl)
        except UsageError:
            fp.close()  # whoever opened the address gets no answer to close
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # as it came


def https_opener() -> urllib.request.OpenerDirector:
    """What opens addresses and follows redirects to https alone."""
    return urllib.request.build_opener(_Redirects)
