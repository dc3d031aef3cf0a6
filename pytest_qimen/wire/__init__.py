"""The bytes of both directions: how parameters and bodies are encoded and signed."""
