"""What a system sends: requests as they were heard, what they say, and the journal of all of them."""
