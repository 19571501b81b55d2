"""Measurements of speed, memory and accuracy, each beside its reference in the same run."""
