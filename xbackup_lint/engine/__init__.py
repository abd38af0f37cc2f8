"""Rules: loaded, matched, run; findings and their order."""
