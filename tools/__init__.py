"""What makes the generated parts of the repository."""
