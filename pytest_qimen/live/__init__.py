"""A page on this machine that follows a run or a session while it lasts."""
