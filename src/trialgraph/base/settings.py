"""The one table of settings and limits, each with its environment variable and, where one sets it, its flag.

A line of :class:`Settings` is a setting: its name, type, default, unit, what it bounds, and the commands that take
it as a flag. A flag takes precedence over the variable, the variable over the default. The values are read once, at the
edge of the program (:meth:`Settings.load`), and passed on from there: nothing else reads the environment, so two
pools or applications in one process may have different limits (decisions/0018-settings.md).

A constant that is not in this table is an implementation detail of its module, not a limit;
``docs/reference/settings.md`` is generated from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self, cast

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.setting import Setting, Value, setting

__all__ = ["DEFAULTS", "SETTINGS", "Setting", "Settings"]

READ: Final = ("rows", "trials", "build")
SERVE: Final = ("serve",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The value of every setting. Frozen: a variant is made by :func:`dataclasses.replace`.

    :raises UsageError: a value is none of its setting
    """

    base_iri: str = setting("https://w3id.org/trialgraph/", "IRI", "base of every IRI that is minted")
    releases: str = setting("releases", "folder", "where build writes releases and serve looks for them")
    jobs: int = setting(0, "processes", "processes of a build; 0: one for each core", ("build",), zero=True)
    shard_reports: int = setting(
        500, "reports", "reports that are stated and checked together in one process of a build"
    )
    source_code: str = setting("", "address", "where the source code is, for the page /about")
    manifest_bytes: int = setting(20_000_000, "bytes", "largest manifest.json of a release")
    source_bytes: int = setting(64_000_000, "bytes", "largest source file that is read", READ)
    sidecar_bytes: int = setting(1_000_000, "bytes", "largest source.toml or curation.tsv", READ)
    sidecar_chars: int = setting(10_000, "characters", "longest text of a key in source.toml", READ)
    listed_findings: int = setting(
        20, "findings", "findings that a command lists; the manifest of a release has all", (*READ, "check")
    )
    line_chars: int = setting(
        8_000, "characters", "longest line of a run-together table that is segmented", READ
    )
    line_cuts: int = setting(800, "places", "most places where a cell of a run-together line may end", READ)
    record_chars: int = setting(
        32_000_000, "characters", "largest record of a registry's file that is read", READ
    )
    list_bytes: int = setting(
        64_000_000,
        "bytes",
        "largest list of registration numbers, for --only and --ids",
        ("trials", "build", "fetch"),
    )
    archive_bytes: int = setting(
        200_000_000, "bytes", "largest content of an XLSX or DOCX file once it is unpacked", READ
    )
    archive_members: int = setting(5_000, "files", "most files inside an XLSX or DOCX file", READ)
    xml_elements: int = setting(6_000_000, "elements", "most elements of an HTML, JATS or DOCX file", READ)
    grid_tables: int = setting(1_000, "tables", "most tables of one file", READ)
    grid_rows: int = setting(200_000, "rows", "most rows of a table in a file", READ)
    grid_columns: int = setting(1_000, "columns", "most columns of a table in a file", READ)
    grid_cells: int = setting(4_000_000, "cells", "most cells of a table, each as often as it spans", READ)
    cell_chars: int = setting(100_000, "characters", "longest text of a table's cell", READ)
    query_seconds: float = setting(30.0, "seconds", "longest run of a query, from its admission", SERVE)
    query_bytes: int = setting(512_000, "bytes", "longest query text", SERVE)
    query_file_bytes: int = setting(256_000, "bytes", "largest file of a saved query, header included")
    query_depth: int = setting(64, "levels", "deepest nesting of brackets in a query", SERVE)
    query_path_steps: int = setting(64, "steps", "longest property path in a query", SERVE)
    query_groups: int = setting(400, "groups", "most groups in braces in a query", SERVE)
    query_items: int = setting(
        1_000,
        "items",
        "most items, operators or clauses of a kind side by side in a query; VALUES and IN may have more",
        SERVE,
    )
    query_minus: int = setting(50, "clauses", "most MINUS clauses side by side in a query", SERVE)
    query_tokens: int = setting(150_000, "tokens", "most words and signs of a query", SERVE)
    allow_service: str = setting(
        "", "URL", "an endpoint that SERVICE in a query may call; none: SERVICE is refused", SERVE, many=True
    )
    service_clauses: int = setting(4, "clauses", "most SERVICE clauses in a query", SERVE)
    service_calls: int = setting(4, "requests", "requests to other endpoints that run at a time", SERVE)
    service_seconds: float = setting(10.0, "seconds", "longest wait for another endpoint's answer", SERVE)
    service_bytes: int = setting(1_000_000, "bytes", "largest answer of another endpoint", SERVE)
    service_rows: int = setting(10_000, "rows", "most rows that another endpoint may answer", SERVE)
    body_bytes: int = setting(2_000_000, "bytes", "largest HTTP request body", SERVE)
    workers: int = setting(
        0,
        "processes",
        "query workers; 0: one more than cores, up to 9, fewer where memory is short",
        SERVE,
        zero=True,
    )
    worker_memory_bytes: int = setting(
        0,
        "bytes",
        "address space of a query worker; 0: its part of the memory that the cgroup or the machine has, up to 2 GB",
        SERVE,
        zero=True,
    )
    queue: int = setting(64, "queries", "queries that may wait for a worker", SERVE)
    client_queries: int = setting(
        24, "queries", "queries of one client that may run or wait while other clients are active", SERVE
    )
    short_seconds: float = setting(
        1.0, "seconds", "processor time after which a query has to leave the last worker", SERVE
    )
    short_bytes: int = setting(16_000_000, "bytes", "likewise: longest answer of the last worker", SERVE)
    answer_bytes: int = setting(
        1_000_000_000,
        "bytes",
        "longest answer to a query; one that is longer is cut there. Files of the release are not",
        SERVE,
    )
    stored_answer_seconds: float = setting(
        120.0, "seconds", "longest run of a saved query whose answer a build prepares"
    )
    stored_answer_bytes: int = setting(
        64_000_000,
        "bytes",
        "largest file of an answer that a build prepares; a larger one is evaluated on request",
    )
    graph_file_bytes: int = setting(
        16_000_000,
        "bytes",
        "a named graph of which the N-Quads are longer is also written by itself, in N-Triples, RDF/XML and JSON-LD",
    )
    stored_answer_memory: int = setting(
        2_000_000_000, "bytes", "address space of the process that prepares answers in a build"
    )
    cache_answers: int = setting(2_000, "answers", "answers kept in the cache", SERVE)
    cache_bytes: int = setting(16_000_000, "bytes", "size of all kept answers; 1 keeps none", SERVE)
    cache_answer_bytes: int = setting(256_000, "bytes", "largest answer that is kept", SERVE)
    cache_response_bytes: int = setting(
        16_000_000,
        "bytes",
        "size of all responses kept as they were sent, so that the same request is answered at once; 1 keeps none",
        SERVE,
    )
    watch_seconds: float = setting(1.0, "seconds", "how often serve looks for a new release", SERVE)
    stop_seconds: float = setting(10.0, "seconds", "how long requests may still run after SIGTERM", SERVE)
    trusted_proxy: str = setting(
        "",
        "address",
        "a reverse proxy whose forwarding headers are trusted: address, network, unix, or * for all",
        SERVE,
        many=True,
    )
    proxy_hops: int = setting(
        1, "proxies", "trusted proxies in a row: how many values of a forwarding header are theirs", SERVE
    )
    proxy_headers: str = setting(
        "x-forwarded",
        "word",
        "what the trusted proxy states: X-Forwarded-For, -Proto, -Host and -Port; these and X-Forwarded-Prefix; or "
        "Forwarded alone",
        SERVE,
        ("x-forwarded", "x-forwarded-prefix", "forwarded"),
    )
    url_prefix: str = setting(
        "", "path", "path under which a reverse proxy serves this server, like /trialgraph", SERVE
    )
    connections: int = setting(
        0,
        "connections",
        "open connections that the HTTP server keeps; 0: as many as the limit of open files allows, up to 1,000",
        SERVE,
        zero=True,
    )
    client_connections: int = setting(
        128, "connections", "connections of one client that may be idle or in the middle of a request", SERVE
    )
    header_seconds: float = setting(
        10.0, "seconds", "longest time until the headers of a request are there", SERVE
    )
    idle_seconds: float = setting(
        60.0, "seconds", "longest time without a request, or with an answer that is hardly taken", SERVE
    )
    least_rate: int = setting(
        1_000, "bytes/s", "slowest pace at which a body may arrive and an answer be taken", SERVE
    )
    slow_readers: int = setting(
        0,
        "connections",
        "connections that may hold files (long answers taken slowly, long bodies); one client a third; 0: up to 100",
        SERVE,
        zero=True,
    )
    reader_bytes: int = setting(
        16_000_000, "bytes", "response bytes buffered for a slow client before it blocks a thread", SERVE
    )
    server_threads: int = setting(48, "threads", "threads of the HTTP server", SERVE)
    store: str = setting(
        "",
        "URL",
        "the SPARQL 1.1 endpoint of an external store that holds the release; none: the store of the release",
        SERVE,
    )
    store_user: str = setting(
        "", "name", "of the external store; none: that of the netrc file for its host", secret=True
    )
    store_password: str = setting("", "password", "of the external store", secret=True)
    store_netrc: str = setting(
        "", "file", "a netrc file with name and password of the external store", (*SERVE, "load")
    )
    store_kind: str = setting(
        "auto",
        "word",
        "which engine the external store is: how time limits are sent; auto: as its header Server says",
        (*SERVE, "load"),
        ("auto", "oxigraph", "virtuoso", "fuseki", "qlever", "other"),
    )
    store_check_seconds: float = setting(
        5.0, "seconds", "how often the external store is asked which release it holds", SERVE
    )
    store_seconds: float = setting(
        600.0, "seconds", "longest silence of the external store that load waits for", ("load",)
    )
    load_part_lines: int = setting(
        50_000, "statements", "statements that load sends before it notes how far it is", ("load",)
    )
    fetch_bytes: int = setting(
        1_000_000_000, "bytes", "largest ontology, or file of records, that fetch downloads", ("fetch",)
    )
    fetch_seconds: float = setting(
        60.0, "seconds", "longest silence of a server that fetch waits for", ("fetch",)
    )
    registry_api: str = setting(
        "https://clinicaltrials.gov/api/v2",
        "URL",
        "address of the API, version 2, of ClinicalTrials.gov that fetch takes records from",
        ("fetch",),
    )
    fetch_requests: int = setting(
        50, "requests", "most requests to the registry in a minute; it allows about 50", ("fetch",)
    )
    fetch_tries: int = setting(
        6, "tries", "how often a request to the registry is made before fetch gives up", ("fetch",)
    )
    fetch_wait_seconds: float = setting(
        300.0, "seconds", "longest pause that the registry may ask for before the next try", ("fetch",)
    )
    fetch_pages: int = setting(10_000, "pages", "most pages of a search that fetch takes", ("fetch",))
    compress_bytes: int = setting(1_000, "bytes", "shortest answer that is compressed", SERVE)
    parameters: int = setting(500, "parameters", "most parameters in an address or a form", SERVE)
    url_bytes: int = setting(220_000, "bytes", "longest address with its parameters", SERVE)
    workbook_rows: int = setting(
        50_000, "rows", "most rows of an answer as an XLSX workbook; longer ones are refused", SERVE
    )
    page_rows: int = setting(500, "rows", "rows that a results page shows; downloads are whole", SERVE)
    page_bytes: int = setting(
        4_000_000,
        "bytes",
        "longest part of an answer that a page, a figure or MCP reads; then the query is stopped",
        ("serve", "mcp"),
    )
    page_chars: int = setting(
        2_000, "characters", "longest text of a cell on a results page and over MCP", ("serve", "mcp")
    )
    table_bytes: int = setting(
        32_000_000,
        "bytes",
        "longest answer that is made into an XLSX workbook or a table on a terminal; longer ones are refused",
        SERVE,
    )
    gathered_bytes: int = setting(
        256_000_000,
        "bytes",
        "longest answer to a query of the server's own, of which it makes pages and lists of a release",
        SERVE,
    )
    page_seconds: float = setting(5.0, "seconds", "longest run of a query that a page is made of", SERVE)
    page_triples: int = setting(20_000, "triples", "most triples that the page of a trial is made of", SERVE)
    thing_links: int = setting(200, "links", "most links to and from a resource that its page shows", SERVE)
    source_rows: int = setting(50, "rows", "rows of a source that a page shows with all values", SERVE)
    facet_values: int = setting(100, "values", "values of a facet that the list of trials offers", SERVE)
    list_rows: int = setting(100, "rows", "rows of the table of trials that a page shows", SERVE)
    public_url: str = setting(
        "", "URL", "public address of the site, in citations and files; none: the base of the IRIs", SERVE
    )
    dataset_doi: str = setting("", "DOI", "of the dataset, in citations; none: it has none", SERVE)
    search_chars: int = setting(200, "characters", "longest text that is searched for", SERVE)
    search_hits: int = setting(60, "hits", "most hits that a search shows", SERVE)
    figure_marks: int = setting(
        1_000, "marks", "most marks of a figure; of one with more the table and the data are shown", SERVE
    )
    draw_ahead: str = setting(
        "yes",
        "yes or no",
        "draw figures that the release lacks at the start",
        SERVE,
        choices=("yes", "no"),
    )
    drawing_seconds: float = setting(
        60.0, "seconds", "longest drawing of a figure; each is drawn once", SERVE
    )
    adornment_seconds: float = setting(2.0, "seconds", "time that a page spends on labels and choices", SERVE)
    mcp_rows: int = setting(
        200, "rows", "rows in an answer over MCP; it says how many were left out", ("mcp",)
    )
    start_seconds: float = setting(60.0, "seconds", "longest start of a query worker", SERVE)
    retry_seconds: int = setting(10, "seconds", "what Retry-After of a 429 and 503 says", SERVE)
    parameter_chars: int = setting(1_000, "characters", "longest text for a question's parameter", SERVE)
    health_seconds: float = setting(2.0, "seconds", "a worker that answers within this is ready", SERVE)
    access_log: str = setting(
        "-", "file", "a line of JSON for each request; - is standard error, none is none", SERVE
    )
    access_log_lines: int = setting(
        10_000, "lines", "lines of the access log that may wait for a slow disk; more are dropped", SERVE
    )
    log_client: str = setting(
        "network",
        "word",
        "what the access log records of a client's address: its network (/24, /48), none of it, or the whole",
        SERVE,
        ("network", "none", "whole"),
    )
    metrics: str = setting("on", "word", "whether /metrics answers", SERVE, ("on", "off"))

    def __post_init__(self) -> None:
        for name, spec in SETTINGS.items():
            try:
                spec.read(str(getattr(self, name)), f"settings: {name}")
            except InputError as error:
                raise UsageError(error.what, where=error.where, hint=error.hint) from None

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, flags: Mapping[str, str] | None = None) -> Self:
        """Every setting from its flag, else its environment variable, else its default.

        All are read, so that an invalid one is reported at start-up and not at the first request.

        :param environ: None: the environment of this process
        :param flags: by the names of the settings, as given on the command line
        :raises InputError: a variable holds what is no value of its setting
        :raises UsageError: a flag does
        """
        variables = os.environ if environ is None else environ
        given = {name: _flag_value(SETTINGS[name], raw) for name, raw in (flags or {}).items()}
        values = {
            name: given[name] if name in given else spec.from_environment(variables)
            for name, spec in SETTINGS.items()
        }
        return cls(**values)  # type: ignore[arg-type]  # read() gives the type of each default


def _flag_value(spec: Setting, raw: str) -> Value:
    try:
        return spec.read(raw, spec.flag)
    except InputError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from None


#: What is known of each setting besides its value, by its name.
SETTINGS: Final[Mapping[str, Setting]] = {
    line.name: Setting(line.name, cast(Value, line.default), **line.metadata) for line in fields(Settings)
}
#: The settings with nothing given: neither environment nor flags.
DEFAULTS: Final = Settings()
