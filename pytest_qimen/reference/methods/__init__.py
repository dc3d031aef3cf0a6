"""What the embedded endpoint does for each method, one module per subject."""
