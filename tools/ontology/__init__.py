"""Work on the files of the ontology."""
