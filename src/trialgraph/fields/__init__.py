"""Cell to readings: one module per field, each rule with an id, an example and a counter-example."""
