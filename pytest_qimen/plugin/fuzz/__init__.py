"""`--qimen-fuzz`: a Session and a budget in; failures that nobody knew, each with its case file, out."""
