"""What is made of the mapping files of registries: declarations and shapes of their terms."""
