"""What a value is, as far as one can tell without deploying it."""
