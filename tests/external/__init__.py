"""What other engines and other people's data make of the graph."""
