"""Words and the concepts they mean: the lexicon, the ontology's files, the module of external terms.

Input: ``ontology/`` and pinned releases of other ontologies. Output: concepts, mentions and mappings.
"""
