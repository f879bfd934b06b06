"""``python -m trialgraph``."""

from trialgraph.cli import main

__all__: list[str] = []

main()
