"""What XML cannot hold is the same in text and in bytes, and is what an XML parser refuses."""

from __future__ import annotations

from xml.parsers.expat import ExpatError, ParserCreate

from trialgraph.base.xml_characters import NOT_IN_XML, NOT_IN_XML_BYTES, escape_carriage_returns

# All that UTF-8 can write below the private areas' end, without the surrogates.
CHARACTERS = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x10000), 0x10000, 0x1FFFE, 0x10FFFF)]


def test_text_and_bytes_agree() -> None:
    wrong = [c for c in CHARACTERS if bool(NOT_IN_XML.search(c)) != bool(NOT_IN_XML_BYTES.search(c.encode()))]
    assert wrong == []


def test_a_parser_refuses_just_these() -> None:
    refused = {c for c in CHARACTERS if c not in "<&" and not _parses(f"<a>{c}</a>")}
    assert refused == {c for c in CHARACTERS if NOT_IN_XML.search(c)}


def test_a_carriage_return_is_read_back() -> None:
    read: list[str] = []
    parser = ParserCreate()
    parser.CharacterDataHandler = read.append
    parser.Parse(escape_carriage_returns(b"<a>one\rtwo\r\n</a>"), True)
    assert "".join(read) == "one\rtwo\r\n"


def _parses(xml: str) -> bool:
    try:
        ParserCreate("utf-8").Parse(xml.encode(), True)
    except ExpatError:
        return False
    return True
