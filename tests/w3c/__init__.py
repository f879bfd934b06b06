"""The W3C test suites for SPARQL 1.1, run over HTTP from a checkout that ``RDF_TESTS`` names."""
