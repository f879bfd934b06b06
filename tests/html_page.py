"""An HTML page taken apart, for tests of what is on it."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient

__all__ = ["Page", "page"]


class Page(HTMLParser):
    """A page taken apart; raises where tags do not nest."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(client: FlaskClient, path: str) -> str:
    """The text of a page that is there and whose tags nest."""
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    Page(response.text)
    return response.text
