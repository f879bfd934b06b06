"""The search index of a release: from the graph to ``search.db``, which :mod:`trialgraph.views.search_index` reads."""
