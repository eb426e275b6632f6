"""Minimising functions step by step: every optimiser is a generator of states."""

from mlcourse.optimize.state import OptimizeState

__all__ = [
    "OptimizeState",
]
