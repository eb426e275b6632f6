"""The t-SNE notebook's exercises: right answers pass, and typical wrong ones are told what is wrong with them.

The answers here are written as a reader would write them, from the formulas, without the package.
"""

import numpy as np
import pytest

from mlcourse.exercises import check, names


def distances(Y):
    return ((Y[:, None] - Y[None]) ** 2).sum(axis=-1)


def kernel(Y, diagonal=0.0):
    W = 1 / (1 + distances(Y))
    np.fill_diagonal(W, diagonal)
    return W


def joint(Y):
    return kernel(Y) / kernel(Y).sum()


def by_rows(Y):
    return kernel(Y) / kernel(Y).sum(axis=1, keepdims=True)


def springs(weights, Y):
    return (weights[:, :, None] * (Y[:, None] - Y[None])).sum(axis=1)


def gradient(P, Y):
    answer = np.zeros_like(Y)
    Q = joint(Y)
    for i in range(len(Y)):
        for j in range(len(Y)):
            answer[i] += 4 * (P[i, j] - Q[i, j]) * (Y[i] - Y[j]) / (1 + ((Y[i] - Y[j]) ** 2).sum())
    return answer


def perplexity_row(sq_distances, perplexity, entropy_of=lambda p: -(p * np.log2(p)).sum(), power=2.0, kernel=lambda d, s: np.exp(-d / (2 * s**2))):
    low, high = 1e-3, 1e3
    for _ in range(200):
        sigma = np.sqrt(low * high)
        p = kernel(sq_distances, sigma)
        p = p / p.sum()
        if power ** entropy_of(np.maximum(p, 1e-300)) < perplexity:
            low = sigma
        else:
            high = sigma
    return p


def nats(p):
    return -(p * np.log(p)).sum()


def ranks(X, start=1):
    D = np.sqrt(distances(X))
    answer = np.zeros(D.shape, int)
    for i in range(len(X)):
        others = [j for j in np.argsort(D[i]) if j != i]
        for place, j in enumerate(others):
            answer[i, j] = place + start
    return answer


def trustworthiness(X, Y, k, start=1, normalise=True, sign=-1):
    n, in_data, in_map = len(X), ranks(X, start), ranks(Y)
    cost = 0
    for i in range(n):
        for j in range(n):
            if j != i and in_map[i, j] <= k and in_data[i, j] > k:
                cost += in_data[i, j] - k
    return 1 - cost * (2 / (n * k * (2 * n - 3 * k - 1)) if normalise else 1)


def itself_among_neighbours(X, Y, k):
    n, in_data = len(X), ranks(X)
    cost = 0
    for i in range(n):
        for j in np.argsort(distances(Y)[i])[:k]:
            cost += max(0, in_data[i, j] - k)
    return 1 - 2 * cost / (n * k * (2 * n - 3 * k - 1))


def gaussian(Y):
    W = np.exp(-distances(Y))
    np.fill_diagonal(W, 0)
    return W


def sne_gradient(P, Y, W, softened=1):
    """The answer that the notebook starts from, with none, one or two of its three edits."""
    difference = P - W / W.sum(axis=1, keepdims=True)
    return 2 * springs((difference + difference.T) * softened, Y)


def asymmetric(P):
    answer = (P + P.T) / (2 * len(P))
    answer[0, 1] *= 0.9
    return answer


RIGHT = {
    "tsne.symmetrise": [lambda P: (P + P.T) / (2 * P.shape[0])],
    "tsne.student_joint": [joint],
    "tsne.gradient": [gradient, lambda P, Y: 4 * springs((P - joint(Y)) * kernel(Y), Y)],
    "tsne.perplexity_row": [perplexity_row, lambda d, perplexity: perplexity_row(d, perplexity, nats, np.e),
                            # sigma is not returned: what it is called, or whether it is squared, changes nothing.
                            lambda d, perplexity: perplexity_row(d, perplexity, kernel=lambda d, s: np.exp(-d / (2 * s)))],
    "tsne.trustworthiness": [trustworthiness],
}  # fmt: skip

WRONG = [
    ("tsne.symmetrise", lambda P: (P + P.T) / 2, "the sum is n instead of 1"),
    ("tsne.symmetrise", lambda P: (P + P.T) / len(P), "the sum is 2 instead of 1"),
    ("tsne.symmetrise", lambda P: P / len(P), "the transpose of P is missing"),
    ("tsne.symmetrise", lambda P: P + P.T, "not normalised"),
    ("tsne.symmetrise", asymmetric, "not symmetric"),
    ("tsne.symmetrise", lambda P: P * P.T / (P * P.T).sum(), "should be"),
    ("tsne.symmetrise", lambda P: (P - P.T) / (2 * len(P)), "never negative"),
    ("tsne.student_joint", by_rows, "you normalised each row"),
    ("tsne.student_joint", lambda Y: kernel(Y, 1.0) / kernel(Y, 1.0).sum(), "your q_ii is not 0"),
    ("tsne.student_joint", lambda Y: kernel(Y) / kernel(Y, 1.0).sum(), "its ones are still in the sum"),
    ("tsne.student_joint", kernel, "divide by its sum over all pairs"),
    ("tsne.student_joint", lambda Y: joint(Y) + np.eye(len(Y)), "no point is its own neighbour"),
    ("tsne.student_joint", lambda Y: (np.exp(-distances(Y)) - np.eye(len(Y))) / (np.exp(-distances(Y)).sum() - len(Y)), "heavy tail"),
    ("tsne.gradient", lambda P, Y: -gradient(P, Y), "the sign is opposite"),
    ("tsne.gradient", lambda P, Y: gradient(P, Y) / 2, "factor 2 where it is 4"),
    ("tsne.gradient", lambda P, Y: gradient(P, Y) / 4, "forgot the factor 4"),
    ("tsne.gradient", lambda P, Y: 4 * springs(P - joint(Y), Y), "factor 1 / (1 + d²) is missing"),
    ("tsne.gradient", lambda P, Y: 2 * springs(P - joint(Y), Y), "factor 1 / (1 + d²) is missing"),
    ("tsne.gradient", lambda P, Y: 4 * springs((P - by_rows(Y)) * kernel(Y), Y), "normalised by rows"),
    ("tsne.gradient", lambda P, Y: 4 * springs((P - kernel(Y)) * kernel(Y), Y), "Q is not normalised"),
    ("tsne.gradient", lambda P, Y: 4 * springs(P * kernel(Y), Y), "where is − q_ij?"),
    ("tsne.gradient", lambda P, Y: sne_gradient(P, Y, gaussian(Y)), "still SNE's gradient"),
    ("tsne.gradient", lambda P, Y: sne_gradient(P, Y, kernel(Y)), "two edits to go"),
    ("tsne.gradient", lambda P, Y: sne_gradient(P, Y, kernel(Y), kernel(Y)), "one edit to go"),
    ("tsne.gradient", lambda P, Y: -2 * gradient(P, Y), "is -2 times what it should be"),
    ("tsne.gradient", lambda P, Y: gradient(P, Y).T, "wrong shape (2, "),
    ("tsne.gradient", lambda P, Y: (0.3, gradient(P, Y)), "a tuple of 2"),
    ("tsne.perplexity_row", lambda d, perplexity: perplexity_row(d, perplexity, nats, 2.0), "base of the logarithm"),
    ("tsne.perplexity_row", lambda d, perplexity: perplexity_row(d, perplexity, power=np.e), "base of the logarithm"),
    ("tsne.perplexity_row", lambda d, perplexity: perplexity_row(d**2, perplexity), "squared already"),
    ("tsne.perplexity_row", lambda d, perplexity: perplexity_row(np.sqrt(d), perplexity), "take the root"),
    ("tsne.perplexity_row", lambda d, perplexity: np.exp(-d / 2) / np.exp(-d / 2).sum(), "sigma is 1 for every row"),
    ("tsne.perplexity_row", lambda d, perplexity: np.exp(-d / 2 / perplexity**2) / np.exp(-d / 2 / perplexity**2).sum(), "as sigma"),
    ("tsne.perplexity_row", lambda d, perplexity: perplexity_row(d, perplexity)[::-1], "the minus"),
    ("tsne.perplexity_row", lambda d, perplexity: perplexity_row(d, 1.05 * perplexity), "the perplexity of your row is"),
    ("tsne.perplexity_row", lambda d, perplexity: 2 * perplexity_row(d, perplexity), "sum to 2 instead of 1"),
    ("tsne.trustworthiness", lambda X, Y, k: trustworthiness(Y, X, k), "you swapped the two spaces"),
    ("tsne.trustworthiness", lambda X, Y, k: trustworthiness(X, Y, k, start=0), "your ranks count from 0"),
    ("tsne.trustworthiness", lambda X, Y, k: trustworthiness(X, Y, k, start=2), "your ranks count from 2"),
    ("tsne.trustworthiness", lambda X, Y, k: trustworthiness(X, Y, k, normalise=False), "you forgot the normaliser"),
    ("tsne.trustworthiness", itself_among_neighbours, "the point itself among its k neighbours"),
    ("tsne.trustworthiness", lambda X, Y, k: 1 - trustworthiness(X, Y, k), "this is the penalty"),
]


def test_the_notebook_has_these_exercises():
    assert set(RIGHT) == {name for name in names() if name.startswith("tsne.")}


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_right_answers_pass(name):
    for function in RIGHT[name]:
        feedback = check(name, function)
        assert feedback.passed, feedback


@pytest.mark.parametrize(("name", "function", "words"), WRONG)
def test_typical_mistakes_are_named(name, function, words):
    feedback = check(name, function)
    assert not feedback.passed
    assert words in feedback.message


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_every_exercise_knows_at_least_two_mistakes(name):
    assert sum(known == name for known, _, _ in WRONG) >= 2


def unfinished(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_unfinished_answers_are_met_kindly(name):
    right = RIGHT[name][0]

    def changes_input(*arguments):
        answer = right(*arguments)
        arguments[0][...] = 0
        return answer

    for function, words in [
        (lambda *arguments: None, "returned None"),
        (unfinished, "unfinished"),
        (lambda *arguments: np.ones((3, 3, 3)), "instead of"),
        (lambda *arguments: np.nan * np.asarray(right(*arguments)), "NaN"),
        (changes_input, "changes its input"),
        (lambda: 0, "which does not fit"),
    ]:
        feedback = check(name, function)
        assert not feedback.passed
        assert words in feedback.message


def test_a_search_that_underflows_is_told_how_not_to():
    def narrow(d, perplexity):
        with np.errstate(invalid="ignore"):
            p = np.exp(-d / (2 * 0.001**2))
            return p / p.sum()

    assert "subtract the smallest distance" in check("tsne.perplexity_row", narrow).message
