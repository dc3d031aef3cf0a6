"""Calls that arrive in, answers out, and afterwards what was wrong with each call."""
