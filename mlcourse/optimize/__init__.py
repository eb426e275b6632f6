"""Minimising functions step by step: every optimiser is a generator of states."""

from mlcourse.optimize.adaptive import adagrad, adam, rmsprop
from mlcourse.optimize.averaging import polyak_average
from mlcourse.optimize.batches import minibatches
from mlcourse.optimize.first_order import gradient_descent, heavy_ball, nesterov, sgd
from mlcourse.optimize.noise import minibatch_covariance, stationary_covariance
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
from mlcourse.optimize.watching import (
    Run,
    budget,
    run,
    small_change,
    small_gradient,
    stop_when,
    value_below,
)

__all__ = [
    "OptimizeState",
    "RangeTest",
    "Run",
    "adagrad",
    "adagrad_step",
    "adam",
    "adam_step",
    "budget",
    "constant",
    "cosine_annealing",
    "exponential_decay",
    "gradient_descent",
    "gradient_descent_step",
    "heavy_ball",
    "heavy_ball_step",
    "inverse_time",
    "largest_eigenvalue",
    "learning_rate_range_test",
    "minibatch_covariance",
    "minibatches",
    "nesterov",
    "nesterov_step",
    "polyak_average",
    "rmsprop",
    "rmsprop_step",
    "run",
    "sgd",
    "small_change",
    "small_gradient",
    "stability_limit",
    "stationary_covariance",
    "step_decay",
    "stop_when",
    "value_below",
    "warmup",
]
