"""What the user says about the run."""
