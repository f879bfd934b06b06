"""Queries that differ in white space, comments, prefixes and the case of keywords only have one normal form."""

from __future__ import annotations

import hashlib

from trialgraph.query.guard.checked import DeclaredNames, prologue_of
from trialgraph.query.guard.tokenizer import tokens

__all__ = ["normal_form"]


def normal_form(query: str) -> tuple[int, bytes]:
    """The number and a digest of the terminals of a query behind its prologue, with its IRIs whole.

    Names of variables count, as they are the columns of the answer; so do the spellings of literals.

    :raises QueryRejected: it is no query, or a prefix is not declared
    """
    found = list(tokens(query))
    _, body, prefixes, base = prologue_of(query, found)
    names = DeclaredNames(query, prefixes, base)
    parts = []
    for token in found[body:]:
        if token.kind in ("iri", "name"):
            parts.append(f"<{names.iri(token)}>")
        elif token.kind == "variable":
            parts.append(f"?{token.text[1:]}")
        else:  # "a" is the one keyword whose case counts
            parts.append(token.word if token.word and token.text != "a" else token.text)
    return len(parts), hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
