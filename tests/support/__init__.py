"""Helpers of the tests: endpoints made of raw sockets, case files and targets made of text."""
