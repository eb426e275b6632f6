"""Minimising functions step by step: every optimiser is a generator of states."""

from mlcourse.optimize.functions import Objective, beale, himmelblau, quadratic, rosenbrock
from mlcourse.optimize.risk import EmpiricalRisk
from mlcourse.optimize.state import OptimizeState
from mlcourse.optimize.wells import double_well

__all__ = [
    "EmpiricalRisk",
    "Objective",
    "OptimizeState",
    "beale",
    "double_well",
    "himmelblau",
    "quadratic",
    "rosenbrock",
]
