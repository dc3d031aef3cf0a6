"""The `qimen` commands, one module each."""
