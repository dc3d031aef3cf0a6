"""A request composed, signed and tampered with, and the Exchange that came of sending it."""
