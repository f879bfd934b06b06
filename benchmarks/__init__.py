"""Programs that measure (benchmarks/README.md)."""
