"""Minimising functions step by step: every optimiser is a generator of states."""

from mlcourse.optimize.adaptive import adagrad, adam, rmsprop
from mlcourse.optimize.averaging import polyak_average
from mlcourse.optimize.batches import minibatches
from mlcourse.optimize.custom import descend_with
from mlcourse.optimize.first_order import gradient_descent, heavy_ball, nesterov, sgd
from mlcourse.optimize.functions import beale, himmelblau, quadratic, rosenbrock
from mlcourse.optimize.lbfgs import LineSearchState, lbfgs, two_loop_recursion
from mlcourse.optimize.line_search import LineSearchResult, backtracking
from mlcourse.optimize.minimizing import minimize
from mlcourse.optimize.newton import NewtonState, newton, newton_step
from mlcourse.optimize.noise import minibatch_covariance, stationary_covariance
from mlcourse.optimize.objective import Objective
from mlcourse.optimize.risk import EmpiricalRisk
from mlcourse.optimize.rules import (
    adagrad_step,
    adam_step,
    gradient_descent_step,
    heavy_ball_step,
    nesterov_step,
    rmsprop_step,
)
from mlcourse.optimize.schedules import (
    constant,
    cosine_annealing,
    exponential_decay,
    inverse_time,
    step_decay,
    warmup,
)
from mlcourse.optimize.stability import (
    RangeTest,
    largest_eigenvalue,
    learning_rate_range_test,
    stability_limit,
)
from mlcourse.optimize.state import OptimizeState
from mlcourse.optimize.stopping import (
    budget,
    small_change,
    small_gradient,
    stop_when,
    value_below,
)
from mlcourse.optimize.trust_region import TrustRegionState, trust_region, trust_region_step
from mlcourse.optimize.watching import Run, run
from mlcourse.optimize.wells import double_well
from mlcourse.optimize.wolfe import wolfe_line_search

__all__ = [
    "EmpiricalRisk",
    "LineSearchResult",
    "LineSearchState",
    "NewtonState",
    "Objective",
    "OptimizeState",
    "RangeTest",
    "Run",
    "TrustRegionState",
    "adagrad",
    "adagrad_step",
    "adam",
    "adam_step",
    "backtracking",
    "beale",
    "budget",
    "constant",
    "cosine_annealing",
    "descend_with",
    "double_well",
    "exponential_decay",
    "gradient_descent",
    "gradient_descent_step",
    "heavy_ball",
    "heavy_ball_step",
    "himmelblau",
    "inverse_time",
    "largest_eigenvalue",
    "lbfgs",
    "learning_rate_range_test",
    "minibatch_covariance",
    "minibatches",
    "minimize",
    "nesterov",
    "nesterov_step",
    "newton",
    "newton_step",
    "polyak_average",
    "quadratic",
    "rmsprop",
    "rmsprop_step",
    "rosenbrock",
    "run",
    "sgd",
    "small_change",
    "small_gradient",
    "stability_limit",
    "stationary_covariance",
    "step_decay",
    "stop_when",
    "trust_region",
    "trust_region_step",
    "two_loop_recursion",
    "value_below",
    "warmup",
    "wolfe_line_search",
]
