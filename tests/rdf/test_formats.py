"""The table of formats agrees with the engine, and leads from every name and media type to one format."""

from __future__ import annotations

from itertools import combinations

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from trialgraph.base.errors import UsageError
from trialgraph.rdf.formats import (
    CSV,
    DATASET_FORMATS,
    EXPORT_FORMATS,
    FORMATS,
    GRAPH_FORMATS,
    JSON,
    JSON_LD,
    N_QUADS,
    RESULT_FORMATS,
    RESULTS_JSON,
    TRIG,
    TURTLE,
    Format,
    GraphFormat,
    ResultFormat,
    by_media_type,
    export_format,
)


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_the_engine_knows_the_format_by_its_media_type_and_suffix(form: GraphFormat | ResultFormat) -> None:
    if isinstance(form, GraphFormat):
        assert RdfFormat.from_media_type(form.media_type) == form.engine
        assert RdfFormat.from_extension(form.suffix) == form.engine
        # JSON-LD could keep named graphs; ours is the merge
        assert form.dataset == (form.engine.supports_datasets and form is not JSON_LD)
    else:
        assert QueryResultsFormat.from_media_type(form.media_type) == form.engine
        assert form.engine.iri.endswith("/" + form.w3c)


def test_no_two_formats_of_a_kind_share_a_name_or_a_media_type() -> None:
    for kind in (GRAPH_FORMATS, RESULT_FORMATS):
        for one, other in combinations(kind.values(), 2):
            assert not _names(one) & _names(other)
            assert not {one.media_type, *one.also} & {other.media_type, *other.also}
    assert len({form.w3c for form in FORMATS.values()}) == len(FORMATS)
    assert len(FORMATS) == len(GRAPH_FORMATS) + len(RESULT_FORMATS)


def _names(form: Format) -> set[str]:
    return {form.name, form.suffix, *form.aliases}


def test_main_media_types_come_before_the_others() -> None:
    offered = by_media_type((JSON_LD, TURTLE))
    assert list(offered) == [JSON_LD.media_type, TURTLE.media_type, *JSON_LD.also, *TURTLE.also]
    assert offered[JSON] is JSON_LD


def test_texts_state_their_character_set_and_csv_its_header() -> None:
    assert TURTLE.content_type() == "text/turtle; charset=utf-8"
    assert TURTLE.content_type("application/x-turtle") == "application/x-turtle"
    assert CSV.content_type() == "text/csv; charset=utf-8; header=present"
    assert RESULTS_JSON.content_type(JSON) == "application/json"


def test_formats_of_a_release_are_found_by_name() -> None:
    assert export_format("trig") is TRIG
    assert set(DATASET_FORMATS.values()) == {TRIG, N_QUADS}
    assert set(DATASET_FORMATS) <= set(EXPORT_FORMATS) <= set(GRAPH_FORMATS)
    with pytest.raises(UsageError, match="there is no format 'owl'; use one of turtle, trig"):
        export_format("owl")
