"""The foundations of machine learning as short, tested NumPy functions."""

__version__ = "0.1.0"
