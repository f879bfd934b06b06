"""Records of registries beside other reports of the same trials."""
