"""Messages as trees: samples, edits, and the values just outside each constraint."""
