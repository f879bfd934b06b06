"""What a column is about, and what its cells look like: headings, grammar, evidence, kinds."""
