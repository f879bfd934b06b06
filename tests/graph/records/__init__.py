"""Records of registries in the graph."""
