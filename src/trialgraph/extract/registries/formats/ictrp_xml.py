"""The trials of an XML export of the WHO's portal, or of its format for registries, one in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

__all__ = ["XmlTrial", "xml_trials"]

_CHUNK: Final = 1 << 17
#: Of the elements that hold trials, the element of one.
ROOTS: Final[Mapping[str, str]] = {"Trials_downloaded_from_ICTRP": "Trial", "trials": "trial"}
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class XmlTrial:
    """A trial of the file.

    :param line: of the file, from 1, where its element begins
    :param base: XPath of its element
    :param texts: of its elements, by their path below it
    :param sha256: of the names and texts of its elements, as the parser gives them
    """

    line: int
    base: str
    texts: Mapping[str, Sequence[str]]
    sha256: str
    reason: str = ""
    why: str = ""


class _TooLargeTrial(Exception):
    pass


@dataclass
class _Element:
    """An element that is open.

    :param own: its own text
    :param every: that of all elements in it, too
    :param before: how many texts the trial had when it began
    """

    before: int
    own: list[str] = field(default_factory=list)
    every: list[str] = field(default_factory=list)


@dataclass
class _Open:
    """What is open: the elements, and the trial.

    :param texts: of the elements that were closed, by their paths, in order
    """

    path: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    elements: list[_Element] = field(default_factory=list)
    size: int = 0
    number: int = 0
    line: int = 0


class _Trials(ContentHandler):
    """Gathers the trials that are complete."""

    def __init__(self, most: int, line: Callable[[], int | None]) -> None:
        super().__init__()
        self.most, self.open, self.done = most, _Open(), list[XmlTrial]()
        self.root = ""
        self._line = line

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002, N802 - as sax calls it
        now = self.open
        now.path.append(name)
        self.root = self.root or name
        if len(now.path) > _DEEPEST:
            raise _TooLargeTrial(f"elements are nested more than {_DEEPEST} deep")
        if len(now.path) == 2:
            now.texts, now.size, now.line = [], 0, self._line() or 0
            now.number += 1
        now.elements.append(_Element(len(now.texts)))

    def characters(self, content: str) -> None:
        if self.open.elements:
            self.open.elements[-1].own.append(content)
            self.open.elements[-1].every.append(content)
        self.open.size += len(content)
        if self.open.size > self.most:
            raise _TooLargeTrial(f"a trial has more than {self.most} characters")

    def endElement(self, name: str) -> None:  # noqa: N802 - as sax calls it
        now = self.open
        here = now.elements.pop()
        if len(now.path) > 2:
            now.elements[-1].every += here.every
            if "".join(here.own).strip():
                # Words with elements among them are one text: <b> within a title is no field.
                del now.texts[here.before :]
                now.texts.append(("/".join(now.path[2:]), "".join(here.every)))
        if len(now.path) == 2 and name == ROOTS.get(self.root):
            base = f"/{self.root}/{name}[{now.number}]"
            texts: dict[str, list[str]] = {}
            for path, text in now.texts:
                texts.setdefault(path, []).append(text)
            said = "\x1f".join(f"{path}={text}" for path, every in texts.items() for text in every)
            self.done.append(XmlTrial(now.line, base, texts, hashlib.sha256(said.encode()).hexdigest()))
        now.path.pop()


def xml_trials(read: Callable[[int], bytes], most: int) -> Iterator[XmlTrial]:
    """The trials of a stream of XML, in order; where it is broken the last one says why, and no more follow.

    :param most: characters of the largest trial that is read
    """
    parser = make_parser()
    parser.forbid_dtd = True
    parser.forbid_entities = True
    parser.forbid_external = True
    # It is fed, so it hands its handler no locator: it is one itself.
    handler = _Trials(most, parser.getLineNumber)
    parser.setContentHandler(handler)
    try:
        while data := read(_CHUNK):
            parser.feed(data)
            yield from handler.done
            handler.done.clear()
        parser.close()
    except DefusedXmlException:
        yield _broken(1, "XML with a DTD", "XML that declares a document type or entities is not read")
    except SAXParseException as error:
        yield from handler.done
        what = f"the XML is broken: {error.getMessage()}"
        yield _broken(error.getLineNumber() or 0, "no valid XML", what)
    except LookupError as error:
        yield _broken(1, "no valid XML", f"the XML names an encoding that is not known ({str(error)[:60]})")
    except (_TooLargeTrial, ValueError) as error:
        yield from handler.done
        yield _broken(handler.open.line, "too large", str(error))


def _broken(line: int, reason: str, why: str) -> XmlTrial:
    return XmlTrial(line, "", {}, "", reason, f"{why}; nothing behind it is read")
