"""Order of the files in ``ontology/concepts/``."""
