"""Linear models: their losses as functions of the parameters, with gradients and Hessians."""

from mlcourse.linear_model.least_squares import squared_gradients, squared_hessian, squared_loss
from mlcourse.linear_model.logistic import (
    logistic_gradients,
    logistic_hessian,
    logistic_loss,
    sigmoid,
)

__all__ = [
    "logistic_gradients",
    "logistic_hessian",
    "logistic_loss",
    "sigmoid",
    "squared_gradients",
    "squared_hessian",
    "squared_loss",
]
