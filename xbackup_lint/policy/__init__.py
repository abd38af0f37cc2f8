"""The IAM policy language."""
