"""pytest-qimen: a conformance suite for Qimen endpoints; the public names are those in `__all__`."""
