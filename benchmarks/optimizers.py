"""Optimisers on logistic regression against scikit-learn's: a pass of stochastic gradient descent, and methods of second order."""

from collections.abc import Iterator

import numpy as np

from benchmarks.pairs import Agreement, Contest, Pair

ONE_PASS = (100_000, 50)
TO_THE_END = (20_000, 50)
BATCH = 100
ALPHA = 1e-5  # of the penalty, in the pass of SGD
# The best constant learning rates of 1, 2 and 5 times the powers of ten. Ours is that of a batch's mean, theirs of one example.
OUR_RATE, THEIR_RATE = 0.1, 0.001
CONDITION = 10.0  # of the features' covariance
STRENGTH = 1.0  # scikit-learn's C
THEIR_TOL = {"lbfgs": 1e-5, "newton-cholesky": 1e-4}  # of the largest entry of the gradient
WORSE = 1.01  # how much larger our mean loss after the pass may be
CLOSE = 1e-6  # a relative difference of two objectives that were minimised to the end


def as_low(ours: list[float], theirs: list[float]) -> Agreement:
    """Compare the losses after a pass, whose order is drawn at random.

    Parameters
    ----------
    ours, theirs : list of float
        The mean loss on all examples, of each pair.

    Returns
    -------
    Agreement
        The ratio of the averages, and whether ours is too large.
    """
    ratio = float(np.mean(ours) / np.mean(theirs))
    return Agreement({"objective": f"{ratio:.4f} of theirs"}, () if ratio <= WORSE else ("loss",))


def same_minimum(ours: list[float], theirs: list[float]) -> Agreement:
    """Compare the objectives that were reached.

    Parameters
    ----------
    ours, theirs : list of float
        The objective of each pair.

    Returns
    -------
    Agreement
        The largest relative difference.
    """
    differ = float(np.max([abs(a / b - 1) for a, b in zip(ours, theirs)]))  # NaN if one is
    return Agreement({"objective": f"differs by {differ:.0e}"}, () if differ <= CLOSE else ("objective",))


def _one_pass() -> Contest:
    from sklearn.linear_model import SGDClassifier

    from mlcourse.datasets import make_logistic
    from mlcourse.optimize import EmpiricalRisk, sgd

    n, d = ONE_PASS
    X, y = make_logistic(n, d, condition_number=CONDITION, random_state=0)
    loss = EmpiricalRisk("logistic", X, y)  # what is judged

    def ours(seed):
        risk = EmpiricalRisk("logistic", X, y, alpha=ALPHA)  # checks the data, as fit does
        for state in sgd(risk, np.zeros(d), n, batch_size=BATCH, learning_rate=OUR_RATE, random_state=seed):
            pass
        return state.parameters

    def theirs(seed):
        model = SGDClassifier(
            loss="log_loss", alpha=ALPHA, learning_rate="constant", eta0=THEIR_RATE, fit_intercept=False, max_iter=1, tol=None, random_state=seed
        )
        return model.fit(X, y).coef_[0]

    return Contest(inputs=lambda k: k, ours=ours, theirs=theirs, judge=lambda seed, theta: loss(theta)[0], agree=as_low)


def _to_the_end(solver: str) -> Contest:
    from sklearn.linear_model import LogisticRegression

    from mlcourse.datasets import make_logistic
    from mlcourse.optimize import EmpiricalRisk, lbfgs, newton

    n, d = TO_THE_END
    X, y = make_logistic(n, d, condition_number=CONDITION, random_state=0)
    alpha = 1 / (n * STRENGTH)
    method = {"lbfgs": lbfgs, "newton-cholesky": newton}[solver]
    objective = EmpiricalRisk("logistic", X, y, alpha=alpha)

    def theirs(_):
        return LogisticRegression(C=STRENGTH, fit_intercept=False, solver=solver, tol=THEIR_TOL[solver], max_iter=1000).fit(X, y).coef_[0]

    # Ours looks at the gradient's length. Newton's steps are the same on both sides, so that their last norm would be a tie.
    our_tol = THEIR_TOL[solver] if method is newton else float(np.linalg.norm(objective(theirs(None))[1]))

    def ours(_):
        for state in method(EmpiricalRisk("logistic", X, y, alpha=alpha), np.zeros(d), tol=our_tol):
            pass
        return state.parameters

    return Contest(inputs=lambda k: k, ours=ours, theirs=theirs, judge=lambda _, theta: objective(theta)[0], agree=same_minimum)


def optimizers() -> Iterator[Pair]:
    """Logistic regression, once over the examples and to the end.

    Yields
    ------
    Pair
        A row for each method.
    """
    n, d = ONE_PASS
    yield Pair(f"SGD, one pass, batches of {BATCH}: {n:,} × {d}", "scikit-learn (SGDClassifier)", n, _one_pass, target=1.0)
    n, d = TO_THE_END
    for name, solver in (("L-BFGS", "lbfgs"), ("Newton", "newton-cholesky")):
        yield Pair(f"{name}: {n:,} × {d}", f"scikit-learn ({solver})", n, lambda each=solver: _to_the_end(each), target=0.8)
