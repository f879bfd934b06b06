"""One address for each page: a trailing slash is redirected away, where the page has none."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Response, current_app, make_response, redirect, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from trialgraph.http.pages.links import sent_path

__all__ = ["without_slash"]

#: What may stand in a path as it is; a backslash is none of it, as browsers take it for a slash.
_SAFE: Final = "/%:@!$&'()*+,;=~"


def without_slash() -> Response | None:
    """A redirect to the address without trailing slashes; None: it is as it should be.

    By 308, so that method and body stay.

    It leads to this site in any case: what is left begins with exactly one slash.
    """
    path, rule = request.path, request.url_rule
    # a preflight request of a browser may not be redirected
    if len(path) < 2 or not path.endswith("/") or request.method == "OPTIONS":
        return None
    if rule is not None and rule.rule.endswith("/"):
        return None
    short = f"/{sent_path().strip('/')}"
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None  # noqa: S101 - within a request there is one
    try:
        adapter.match(f"/{path.strip('/')}", method=request.method)
    except RequestRedirect:
        short += "/"
    except MethodNotAllowed:
        pass
    except NotFound:
        return None
    if short == f"/{sent_path()}":  # a slash within a name, as %2F
        return None
    words = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return make_response(redirect(request.script_root + quote(short, safe=_SAFE) + words, 308))
