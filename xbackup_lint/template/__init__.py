"""One template's names, and what its intrinsics give."""
