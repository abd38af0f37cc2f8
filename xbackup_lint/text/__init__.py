"""Characters to tree: every node has a span."""
