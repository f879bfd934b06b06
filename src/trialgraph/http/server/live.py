"""The release in service, and replaced ones that still have requests in flight (reference counting).

A request keeps the release that it began with until the last byte of its answer is sent: it is bound in the WSGI
environment before the application sees it, and released when the server closes the answer. So a swap under load is
consistent: each answer comes from one release, which ``X-Trialgraph-Release`` names.

A page and its pictures are several requests. Their addresses name the release (:data:`NAMING`), and the one that was
replaced last is kept for them, without workers: a picture comes from the release of its page, or it is not found.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qs

from werkzeug.wsgi import ClosingIterator

from trialgraph.http.site import SITE, Site
from trialgraph.query.admission import as_client, client_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Live"]

#: How much longer than its queries a release that was replaced keeps its workers, in seconds.
GRACE: Final = 1.0
#: Addresses of pictures, which may name a release by the first digits of its hash, and the parameter that does.
NAMING: Final = re.compile(r"/figures/[^/]+\.(?:svg|png)"), "release"


@dataclass(eq=False)
class Tenure:
    """A release with the number of its requests in flight.

    :param until: when its workers are stopped even if requests are left; None while it is in service
    """

    site: Site
    users: int = 0
    until: float | None = None


class Live:
    """Selects the release of a request; the workers of a replaced release end with its last request."""

    def __init__(self, site: Site) -> None:
        self._lock = threading.Lock()
        self._now = Tenure(site)
        self._past: list[Tenure] = []
        self._before: Tenure | None = None

    @property
    def site(self) -> Site:
        """The release of a request that begins now."""
        return self._now.site

    def swap(self, site: Site) -> None:
        """Serve another release from now on; requests in flight finish on theirs."""
        with self._lock:
            old, self._now = self._now, Tenure(site)
            old.until = time.monotonic() + old.site.pool.seconds + GRACE
            self._past.append(old)
            if old.site.release.hash != site.release.hash:
                self._before = Tenure(old.site.pictures_alone())
        self.sweep()

    def sweep(self) -> None:
        """Stop the workers of replaced releases without requests, or past the longest time of a query."""
        now = time.monotonic()
        with self._lock:
            over = [t for t in self._past if not t.users or (t.until is not None and t.until < now)]
            self._past = [t for t in self._past if t not in over]
        for tenure in over:
            tenure.site.pool.close()

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            tenures, self._past = [*self._past, self._now], []
        for tenure in tenures:
            tenure.site.pool.close()

    def bound(self, app: WSGIApplication) -> WSGIApplication:
        """The application with each request bound to the release that is served when it begins."""

        def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            tenure = self._enter(_named(environ))
            environ[SITE] = tenure.site
            try:
                with as_client(client_of(environ.get("REMOTE_ADDR", ""))):
                    body = app(environ, start_response)
            except BaseException:
                self._leave(tenure)
                raise
            wrapper = environ.get("wsgi.file_wrapper")
            if wrapper is not None and isinstance(body, wrapper):
                # An open file no longer needs its release; passed as it is, the server sends it without a thread.
                self._leave(tenure)
                return cast("Iterable[bytes]", body)
            return ClosingIterator(body, lambda: self._leave(tenure))

        return call

    def _enter(self, named: str) -> Tenure:
        with self._lock:
            tenure, before = self._now, self._before
            if before and not tenure.site.is_named(named) and before.site.is_named(named):
                tenure = before
            tenure.users += 1
            return tenure

    def _leave(self, tenure: Tenure) -> None:
        with self._lock:
            tenure.users -= 1
            last = not tenure.users and tenure not in (self._now, self._before)
        if last:
            self.sweep()


def _named(environ: WSGIEnvironment) -> str:
    """The release that an address names; empty where it names none."""
    address, name = NAMING
    if not address.fullmatch(environ.get("PATH_INFO", "")):
        return ""
    return str(parse_qs(environ.get("QUERY_STRING", "")).get(name, [""])[-1])
