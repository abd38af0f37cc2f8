"""A result as text for people and machines; pure."""
