"""Concepts and the words for them: lexicon, ontology files, module of external terms.

Input: ``ontology/`` and pinned releases of other ontologies. Output: concepts, mentions and mappings.
"""
