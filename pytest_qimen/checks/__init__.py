"""An Exchange and the Step it belongs to in, Findings out: what is wrong with an answer."""
