"""The page of a source: its metadata, and its lines with every value that was read from them."""

from __future__ import annotations

from flask import render_template

from trialgraph.http.lookup import iri_of, select_rows, values
from trialgraph.http.pages.links import address, page_number
from trialgraph.http.pages.overview.source_cards import source_cards
from trialgraph.http.pages.resources.resource_page import alternates, facts_of
from trialgraph.http.pages.resources.source_text import marked_rows, spelled_out
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of

__all__ = ["source_page"]


def source_page(iri: str, path: str) -> str:
    """The page of a source.

    :param path: its address here, without suffix
    :raises UsageError: ``page`` is no number
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    page, most = page_number(), site().settings.source_rows
    rows = select_rows(
        f"SELECT ?row {{ {values('source', [iri])} ?row a tg:Row ; tg:fromSource ?source ; tg:rowNumber ?n }}"
        f" ORDER BY ?n OFFSET {(page - 1) * most} LIMIT {most + 1}"
    )
    unread = select_rows(
        f"SELECT ?line ?text ?why {{ {values('source', [iri])} ?it a tg:UnreadLine ; tg:fromSource ?source ;"
        f" tg:lineNumber ?line ; tg:lineText ?text ; rdfs:comment ?why }} ORDER BY ?line LIMIT {most}"
    )
    records = _records(iri, (page - 1) * most, most + 1)
    texts = select_rows(
        f"SELECT ?kind ?words ?text (GROUP_CONCAT(?mark; SEPARATOR=' ') AS ?marks) {{ {values('source', [iri])} ?text a"
        " tg:TableText ; tg:fromSource ?source ; tg:textKind ?kind ; tg:tableText ?words ; tg:lineNumber ?line ."
        " OPTIONAL { ?text tg:footnoteMark ?mark } } GROUP BY ?kind ?words ?text ?line"
        f" ORDER BY ?line ?text LIMIT {most}"
    )
    marked = marked_rows([iri_of(row["row"]) for row in rows[:most]], most=most * 100) if rows else ()
    label, properties = facts_of(iri)
    return render_template(
        "source.html",
        iri=iri,
        label=label,
        properties=properties,
        card=next((card for card in source_cards() if card.href == address(iri)), None),
        rows=marked,
        texts=[
            {"href": address(iri_of(row["text"]))}
            | {name: text_of(row.get(name)) for name in ("kind", "words", "marks")}
            for row in texts
        ],
        unread=[{name: text_of(term) for name, term in row.items()} for row in unread],
        records=records[:most],
        page=page,
        path=path,
        more=len(rows) > most or len(records) > most,
        release_hash=site().release.hash,
        alternates=alternates(path),
    )


def _records(iri: str, first: int, most: int) -> list[dict[str, str]]:
    """The records of a source: number, trial and date, each with the address of its JSON."""
    found = select_rows(
        f"SELECT ?report ?number ?name ?date {{ {values('source', [iri])} ?record a tg:Record ; tg:fromSource ?source ;"
        " dcterms:identifier ?number . ?report tg:fromRecord ?record ; tg:aboutTrial/rdfs:label ?name"
        f" OPTIONAL {{ ?record tg:asOf ?date }} }} ORDER BY ?number OFFSET {first} LIMIT {most}"
    )
    return [
        {"href": f"{address(iri_of(row['report']))}#record"}
        | {name: spelled_out(text_of(row.get(name))) for name in ("number", "name", "date")}
        for row in found
    ]
