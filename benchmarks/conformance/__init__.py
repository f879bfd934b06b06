"""What external stores answer differently from the embedded engine: ``python -m benchmarks.conformance``."""
