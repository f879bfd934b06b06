"""The documents: their commands run as printed, their notebook as it stands."""
