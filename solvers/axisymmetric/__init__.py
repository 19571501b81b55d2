"""Axisymmetric open cavities by high-order finite elements in the (r, z) plane."""
