"""One module per kind of input: files to model."""
