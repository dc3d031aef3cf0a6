"""An Exchange and its Step in, Findings out: one module per concern, one signature for all."""
