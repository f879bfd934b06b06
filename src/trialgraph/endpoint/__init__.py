"""The graph over HTTP: the SPARQL protocol, the saved questions, the pages and the files."""
