"""What a run costs, beside what it must cost at least and what other linters cost. See docs/performance.md."""
