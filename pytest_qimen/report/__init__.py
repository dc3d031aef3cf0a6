"""Outcomes in, what people and pipelines read out: events, results, curl lines, the summary."""
