"""Newton's method from many starts at once does what it does from each."""

import numpy as np
import pytest

from mlcourse.optimize import himmelblau, newton
from mlcourse.optimize.starts import newton_from_many


@pytest.mark.parametrize(("options", "step"), [({}, "full"), ({"halving": True}, "halving")])
def test_many_starts_at_once_go_where_each_goes_alone(options, step):
    f, starts = himmelblau(), np.array([[4.0, 4.5], [0.2, 2.0], [-1.0, 0.0], [1.0, 1.0]])
    alone = [list(newton(f, start, step=step, max_iter=4, tol=0))[-1].parameters for start in starts]
    assert newton_from_many(f, starts, n_steps=4, **options) == pytest.approx(np.array(alone), rel=1e-9)


def test_a_shift_shortens_the_step():
    f, start = himmelblau(), np.array([[4.0, 4.5]])
    step = newton_from_many(f, start, shift=50.0, n_steps=1) - start
    assert (f.hessian(start[0]) + 50 * np.eye(2)) @ step[0] == pytest.approx(-f.gradient(start[0]))
