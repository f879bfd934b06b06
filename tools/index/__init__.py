"""The tool that makes ontology/index.db."""
