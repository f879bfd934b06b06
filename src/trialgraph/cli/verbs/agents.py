"""The verb for language models and agents: mcp."""

from __future__ import annotations

from pathlib import Path

import click

from trialgraph.cli.verbs.common import Invocation, release_option, setting_options

__all__ = ["mcp"]


@setting_options("mcp")
@click.command()
@release_option
@click.pass_obj
def mcp(obj: Invocation, release: Path | None) -> None:
    """Serve a release to an agent over stdin and stdout (Model Context Protocol).

    Tools: list_questions, run_question, run_sparql, explain_value. Needs the extra: pip install 'trialgraph[mcp]'.

    \b
    Example: trialgraph mcp --release releases
    """
    from trialgraph.cli.mcp_server import make_server
    from trialgraph.query.pool import Pool
    from trialgraph.query.sound_queries import sound_queries
    from trialgraph.release.open import open_release

    settings = obj.settings
    opened = open_release(release, settings)
    with Pool(opened, size=1, settings=settings) as pool:
        make_server(opened, pool, sound_queries(settings)).run()
