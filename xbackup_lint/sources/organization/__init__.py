"""Policies and settings of AWS Organizations."""
