"""The target file: where to send, as whom, what the other side supports, and what it knows."""
