"""Audit of a written release: the checksums of its files, and all checks of its graph again.

The manifest tells what the build found; whoever gets a release from elsewhere need not believe it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from pyoxigraph import Quad, RdfFormat, parse

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source, default_sources, read_source
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.checks import check_quads, check_vocabulary, located
from trialgraph.graph.external_terms import external_terms
from trialgraph.graph.mapping_checks import mapping_findings
from trialgraph.graph.term_checks import term_findings
from trialgraph.rdf import iris
from trialgraph.rdf.iris import use_base
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.answers.open import answers_fault
from trialgraph.release.answers.write import ANSWERS
from trialgraph.release.figures.prepared import FOLDER as FIGURES
from trialgraph.release.figures.prepared import figures_fault
from trialgraph.release.graphs import ontology_quads, stated_quads
from trialgraph.release.open import Release, damaged
from trialgraph.release.store_check import STORE, file_fault
from trialgraph.terminology.lexicon import lexicon

__all__ = ["check_release"]


def check_release(release: Release, settings: Settings | None = None) -> tuple[CheckResult, ...]:
    """All findings, sorted: damaged files, what the checks find in the graph, what the build found in the sources.

    Ontology, module and concept files are checked as they are installed, besides what the release has of them.
    The cells are compared with the text of those sources that are in the seed folders with the same checksum.

    :param settings: the limits of what is read; None: those of the environment
    :raises InputError: the shapes of this installation cannot be read
    """
    settings = settings or Settings.load()
    use_base(settings.base_iri)
    bad = damaged(release)
    found = [
        CheckResult("violation", str(release.path / name), "the file does not fit its checksum")
        for name in bad
    ]
    if fault := file_fault(release.path / STORE, release.manifest):
        found.append(CheckResult("violation", str(release.path / STORE), f"the store is damaged: {fault}"))
    if fault := answers_fault(release):
        message = f"the prepared answers are damaged: {fault}"
        found.append(CheckResult("violation", str(release.path / ANSWERS), message))
    if fault := figures_fault(release):
        message = f"the figures are damaged: {fault}"
        found.append(CheckResult("violation", str(release.path / FIGURES), message))
    try:
        quads = [
            quad
            for name in ("dataset.nq", "meta.nq")
            for quad in parse(path=str(release.path / name), format=RdfFormat.N_QUADS)
        ]
    except (OSError, SyntaxError) as error:
        found.append(CheckResult("violation", str(release.path), f"the graph cannot be read: {error}"))
    else:
        found += check_quads(quads, _sources(quads, settings), all_read=False, settings=settings)
        stated = frozenset(stated_quads(release))
        found += located(term_findings(lexicon(), stated), stated, _sources(quads, settings))
        found += mapping_findings(lexicon(), external_terms(stated))
    found += check_vocabulary(ontology_quads())
    # The build checked the sources, too; what both found is reported once.
    known = {(finding.severity, finding.focus, finding.message) for finding in found}
    built = [CheckResult(**finding) for finding in release.manifest["findings"]]
    found += [f for f in built if (f.severity, f.focus, f.message) not in known]
    return tuple(sorted(found))


def _sources(quads: Iterable[Quad], settings: Settings) -> list[Source]:
    """The sources of the release that can be read here as they were."""
    sums = {(str(q.subject), str(q.object)) for q in quads if q.predicate == TG.sha256}
    made = []
    with suppress(InputError):  # no seed folders here
        for path in default_sources():
            with suppress(InputError):  # changed since; then it is another source
                source = read_source(path, settings)
                if (str(iris.source(source.slug)), f'"{source.sha256}"') in sums:
                    made.append(source)
    return made
