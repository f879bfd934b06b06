"""Front ends behind nginx, one killed and a release swapped under load: ``python -m benchmarks.front_ends``."""
