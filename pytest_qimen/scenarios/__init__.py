"""A scenario in, what a system does when it is led to send out."""
