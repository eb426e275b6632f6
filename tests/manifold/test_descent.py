"""The descent: its rule step by step, its early phase, its states, its errors; the fast objectives."""

import numpy as np
import pytest
from scipy.spatial.distance import squareform
from sklearn.manifold._t_sne import _gradient_descent, _kl_divergence

from mlcourse.manifold import (
    _objectives,
    conditional_probabilities,
    descend,
    joint_probabilities,
    kl_divergence_and_gradient,
    sne_divergence_and_gradient,
    squared_distances,
    symmetric_sne_divergence_and_gradient,
    unisne_divergence_and_gradient,
)
from mlcourse.manifold._objectives import (
    ConditionalObjective,
    StudentObjective,
    UniformBackgroundObjective,
)

RNG = np.random.default_rng(0)
X = np.concatenate([RNG.standard_normal((20, 5)) + 4 * k for k in range(3)])
CONDITIONAL = conditional_probabilities(squared_distances(X), 8.0)
JOINT = joint_probabilities(CONDITIONAL)
START = 1e-2 * RNG.standard_normal((len(X), 2))
START -= START.mean(axis=0)


def t_sne(Y, exaggeration=1.0):
    return kl_divergence_and_gradient(exaggeration * JOINT, Y)


def bowl(Y):
    return np.sum(Y**2), 2 * Y


# The objectives


OBJECTIVES = {
    "SNE": (lambda: ConditionalObjective(CONDITIONAL), lambda e, Y: sne_divergence_and_gradient(e * CONDITIONAL, Y)),
    "symmetric SNE": (
        lambda: UniformBackgroundObjective(JOINT),
        lambda e, Y: symmetric_sne_divergence_and_gradient(e * JOINT, Y),
    ),
    "UNI-SNE": (
        lambda: UniformBackgroundObjective(JOINT, 0.3),
        lambda e, Y: unisne_divergence_and_gradient(e * JOINT, Y, 0.3),
    ),
    "t-SNE": (lambda: StudentObjective(JOINT), lambda e, Y: kl_divergence_and_gradient(e * JOINT, Y)),
    "t-SNE, 2.5": (lambda: StudentObjective(JOINT, 2.5), lambda e, Y: kl_divergence_and_gradient(e * JOINT, Y, 2.5)),
}
every_objective = pytest.mark.parametrize("name", OBJECTIVES)


@every_objective
@pytest.mark.parametrize("block", [1, 200, 2**15])  # the last: all pairs in one block
def test_fast_form_equals_the_formulas(name, block, monkeypatch):
    monkeypatch.setattr(_objectives, "_BLOCK", block)
    make, plain = OBJECTIVES[name]
    objective = make()
    rng = np.random.default_rng(1)
    for m in (1, 2, 3):
        for scale in (1e-4, 1, 5):
            for exaggeration in (1.0, 12.0):
                Y = scale * rng.standard_normal((len(X), m)) + 3
                value, gradient = plain(exaggeration, Y)
                np.testing.assert_allclose(
                    objective(Y, exaggeration)[1], gradient, rtol=1e-9, atol=1e-11 * abs(gradient).max()
                )
                assert objective.divergence(Y) == pytest.approx(plain(1.0, Y)[0], rel=1e-11)


def test_underflow_with_many_degrees_of_freedom():
    objective = StudentObjective(JOINT, 1e6)
    for Y in (1e4 * START, 1e6 * START):
        value, gradient = kl_divergence_and_gradient(JOINT, Y, 1e6)
        np.testing.assert_allclose(objective(Y)[1], gradient, rtol=1e-6, atol=1e-9 * abs(gradient).max())
        assert objective.divergence(Y) == pytest.approx(value, rel=1e-9)


@every_objective
def test_fast_form_equals_the_formulas_for_a_scattered_map(name):
    make, plain = OBJECTIVES[name]
    for far in (30.0, 1e4, 1e10):  # Gaussians of the far point, then of all points, underflow
        for Y in (START + far * (np.arange(len(X)) == 0)[:, None], far * START * 1e2):
            gradient = plain(1.0, Y)[1]
            # Centring at a map 1e10 wide costs its digits in the small differences.
            tolerance = (1e-9 + 1e-14 * far) * abs(gradient).max()
            np.testing.assert_allclose(make()(Y)[1], gradient, rtol=1e-6, atol=tolerance)


def test_single_precision_objective():
    Y = 3 * RNG.standard_normal((len(X), 2))
    gradient = StudentObjective(JOINT.astype(np.float32))(Y.astype(np.float32), 4.0)[1]
    expected = kl_divergence_and_gradient(4 * JOINT, Y)[1]
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, expected, atol=1e-5 * abs(expected).max())


@every_objective
def test_the_descent_by_either_form_is_the_same(name):
    make, plain = OBJECTIVES[name]
    objective = make()
    options = {"learning_rate": 1e-3 if name == "SNE" else 0.1, "max_iter": 40, "early_exaggeration": 4.0, "exaggeration_iter": 15}
    fast = list(descend(objective, START, divergence=objective.divergence, **options))
    slow = list(descend(lambda Y, e=1.0: plain(e, Y), START, **options))
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_allclose(a.Y, b.Y, atol=1e-9 * abs(b.Y).max())
        assert a.kl_divergence == pytest.approx(b.kl_divergence, rel=1e-9)
        assert a.gradient_norm == pytest.approx(b.gradient_norm, rel=1e-6)


# The rule


def test_steps_by_hand():
    # C = y², gradient 2y, rate 0.1: the first step finds U = 0, so the gain shrinks to 0.8; later ones follow the signs.
    states = list(descend(bowl, [[1.0], [-1.0]], learning_rate=0.1, max_iter=3, momentum=(0.5, 0.9), momentum_switch=2))
    y, u, gain = 1.0, 0.0, 1.0
    for k, state in enumerate(states):
        assert state.iteration == k and state.Y[0, 0] == pytest.approx(y) and state.Y[1, 0] == pytest.approx(-y)
        assert state.kl_divergence == pytest.approx(2 * y**2)
        assert state.gradient_norm == pytest.approx(2 * abs(y) * np.sqrt(2))
        assert state.momentum == (0.5 if k < 2 else 0.9) and state.learning_rate == 0.1 and state.exaggeration == 1
        gain = gain + 0.2 if u * 2 * y < 0 else max(0.8 * gain, 0.01)
        u = state.momentum * u - 0.1 * gain * 2 * y
        y += u


def test_without_gains_and_momentum_it_is_plain_descent():
    *_, last = descend(bowl, [[1.0], [-1.0]], learning_rate=0.1, max_iter=10, momentum=(0, 0), gains=False)
    np.testing.assert_allclose(last.Y, 0.8**10 * np.array([[1.0], [-1.0]]))


def test_gains_have_a_floor():
    def flipping(Y):  # a gradient that turns at every step
        flipping.sign *= -1
        return 0.0, flipping.sign * np.array([[1.0], [-1.0]])

    flipping.sign = 1
    states = list(descend(flipping, [[0.0], [0.0]], learning_rate=1.0, max_iter=60, momentum=(0, 0)))
    moves = np.abs(np.diff([state.Y[0, 0] for state in states]))
    assert moves[0] == pytest.approx(0.8)  # nothing to compare with: it counts as a turn
    # sign(U) = −sign(previous gradient) = sign(gradient): each coordinate overshoots and its gain shrinks.
    np.testing.assert_allclose(moves, np.maximum(0.8 ** np.arange(1, 61), 0.01), rtol=1e-9)


def test_it_is_scikit_learns_descent():
    arguments = [squareform(JOINT), 1, len(X), 2]
    theirs, _, _ = _gradient_descent(
        _kl_divergence, START.ravel(), 0, 30, n_iter_check=50, momentum=0.5, learning_rate=5.0, args=arguments
    )
    *_, last = descend(t_sne, START, learning_rate=5.0, max_iter=30)
    theirs = theirs.reshape(-1, 2)
    np.testing.assert_allclose(last.Y, theirs - theirs.mean(axis=0), atol=1e-7 * abs(theirs).max())


def test_the_end_of_exaggeration_starts_afresh():
    options = {"learning_rate": 5.0, "gains": True}
    *early, switch = descend(t_sne, START, max_iter=20, early_exaggeration=4.0, exaggeration_iter=20, **options)
    assert all(state.exaggeration == 4 for state in early) and switch.exaggeration == 1
    whole = list(descend(t_sne, START, max_iter=35, early_exaggeration=4.0, exaggeration_iter=20, **options))
    again = list(descend(t_sne, switch.Y, max_iter=15, **options))
    np.testing.assert_allclose(whole[-1].Y, again[-1].Y, rtol=1e-12)


def test_exaggeration_multiplies_the_affinities():
    called = []

    def recorded(Y, *exaggeration):
        called.append(exaggeration)
        return t_sne(Y, *exaggeration)

    states = list(descend(recorded, START, learning_rate=1.0, max_iter=4, early_exaggeration=3.0, exaggeration_iter=2))
    assert called == [(3.0,), (3.0,), (), (), ()]
    for state in states:
        expected = np.linalg.norm(kl_divergence_and_gradient(state.exaggeration * JOINT, state.Y)[1])
        assert state.gradient_norm == pytest.approx(expected)
        assert state.kl_divergence == pytest.approx(kl_divergence_and_gradient(JOINT, state.Y)[0])  # never exaggerated


def test_compression_pulls_the_early_map_together():
    options = {"learning_rate": 2.0, "max_iter": 60, "exaggeration_iter": 50}
    free = list(descend(t_sne, START, **options))
    pressed = list(descend(t_sne, START, compression=0.01, **options))
    assert np.std(pressed[50].Y) < 0.9 * np.std(free[50].Y)
    # The penalty's gradient is 2 · compression · Y, and it is gone after the early phase.
    state = next(iter(descend(lambda Y: (0.0, 0 * Y), START, compression=0.25, learning_rate=1.0, max_iter=1)))
    assert state.gradient_norm == pytest.approx(np.linalg.norm(0.5 * START))
    late = pressed[55]
    assert late.gradient_norm == pytest.approx(np.linalg.norm(t_sne(late.Y)[1]))


def test_noise_falls_to_nothing_and_is_seeded():
    def run(seed):
        return [s.Y for s in descend(lambda Y: (0.0, 0 * Y), np.zeros((4000, 1)), learning_rate=1.0, max_iter=12,
                                     noise=2.0, exaggeration_iter=10, random_state=seed)]

    maps = run(3)
    spreads = [np.std(b - a) for a, b in zip(maps, maps[1:])]
    np.testing.assert_allclose(spreads, np.r_[2 - 0.2 * np.arange(10), 0, 0], rtol=0.05, atol=1e-12)
    assert np.array_equal(maps[-1], run(3)[-1]) and not np.array_equal(maps[-1], run(4)[-1])


def test_the_map_stays_centred_and_the_start_untouched():
    start = START + 5
    kept = start.copy()
    states = list(descend(t_sne, start, learning_rate=5.0, max_iter=20))
    assert np.array_equal(start, kept) and np.array_equal(states[0].Y, kept)
    for state in states[1:]:
        np.testing.assert_allclose(state.Y.mean(axis=0), 0, atol=1e-13)


# Options of the fast descent


def test_one_number_is_a_pair_of_equal_ones():
    options = {"max_iter": 12, "early_exaggeration": 3.0, "exaggeration_iter": 5, "momentum_switch": 7}
    for rate, speed in ((2.0, 0.6), ([2.0, 2.0], [0.6, 0.6])):
        *_, last = descend(t_sne, START, learning_rate=rate, momentum=speed, **options)
        *_, pair = descend(t_sne, START, learning_rate=(2.0, 2.0), momentum=(0.6, 0.6), **options)
        assert np.array_equal(last.Y, pair.Y)
        assert (last.learning_rate, last.momentum) == (2.0, 0.6)


def test_a_pair_of_learning_rates_is_used_before_and_after_the_early_phase():
    options = {"max_iter": 6, "exaggeration_iter": 4, "momentum": 0.0, "gains": False}
    states = list(descend(bowl, [[1.0], [-1.0]], learning_rate=(0.1, 0.25), **options))
    np.testing.assert_allclose([state.Y[0, 0] for state in states], np.cumprod([1, 0.8, 0.8, 0.8, 0.8, 0.5, 0.5]))
    assert [state.learning_rate for state in states] == [0.1] * 4 + [0.25] * 3


def test_longer_steps_are_shortened_each_point_by_itself_and_keep_their_direction():
    pull = np.array([[3.0, 4.0], [-0.3, -0.4], [0.0, 0.0], [-2.7, -3.6]])
    options = {"learning_rate": 1.0, "max_iter": 1, "momentum": 0.0, "gains": False}
    start = np.zeros((4, 2))
    for longest, lengths in ((2.0, [2, 0.5, 0, 2]), (0.4, [0.4, 0.4, 0, 0.4]), (100.0, [5, 0.5, 0, 4.5]), (None, [5, 0.5, 0, 4.5])):
        *_, last = descend(lambda Y: (0.0, pull), start, max_step_norm=longest, **options)
        expected = -pull / np.maximum(np.linalg.norm(pull, axis=1, keepdims=True), 1e-9) * np.array(lengths)[:, None]
        np.testing.assert_allclose(last.Y, expected - expected.mean(axis=0), atol=1e-12)


def test_a_shortened_step_is_also_what_momentum_carries_on():
    pull = np.array([[10.0], [-10.0]])
    states = list(descend(lambda Y: (0.0, pull * (not Y.any())), np.zeros((2, 1)), learning_rate=1.0, max_iter=3,
                          momentum=0.5, gains=False, max_step_norm=2.0))
    np.testing.assert_allclose([state.Y[1, 0] for state in states], [0, 2, 3, 3.5])


@pytest.mark.parametrize("m", [1, 2, 3])
def test_no_step_of_a_descent_is_longer(m):
    start = 1e-2 * np.random.default_rng(0).standard_normal((len(X), m))
    options = {"learning_rate": 200.0, "max_iter": 60, "early_exaggeration": 4.0, "exaggeration_iter": 20}
    free, held = ([s.Y for s in descend(t_sne, start, max_step_norm=longest, **options)] for longest in (None, 0.5))
    longest = [max(np.linalg.norm(np.diff(maps, axis=0), axis=2).ravel()) for maps in (free, held)]
    assert longest[0] > 1 and longest[1] < 1  # 0.5, and what the centring adds


def test_a_step_just_longer_than_allowed_is_shortened():
    """Along a diagonal every coordinate is below the limit."""
    pull = np.array([[0.8, 0.8], [-0.8, -0.8]])
    *_, last = descend(lambda Y: (0.0, pull), np.zeros((2, 2)), learning_rate=1.0, max_iter=1, momentum=0.0,
                       gains=False, max_step_norm=1.0)
    np.testing.assert_allclose(np.linalg.norm(last.Y, axis=1), 1)


def test_a_map_that_shrinks_is_stretched_in_the_early_phase_only():
    options = {"learning_rate": 0.2, "momentum": 0.0, "gains": False, "exaggeration_iter": 12, "max_iter": 20}
    start = np.array([[1.0, 0.0], [-1.0, 0.0]])  # root mean square coordinate 1/√2; each step multiplies it by 0.6
    for smallest in (0.1, 1e-3):
        spreads = [np.sqrt(np.mean(s.Y**2)) for s in descend(bowl, start, min_spread=smallest, **options)]
        expected, spread = [], np.sqrt(0.5)
        for step in range(21):
            expected.append(spread)
            spread *= 0.6
            if step < 12 and spread < smallest:
                spread *= 2 ** np.ceil(np.log2(2 * smallest / spread))  # to between two and four times the smallest
        np.testing.assert_allclose(spreads, expected, rtol=1e-9)
    assert spreads[-1] < 1e-4 < 1e-3 <= min(spreads[:13])


def test_stretching_keeps_the_shape_and_the_updates_in_proportion():
    """Where the gradient is proportional to the map, a stretched descent is the same one in another unit."""
    start = np.array([[1.0, 0.3], [-1.0, -0.3]])
    options = {"learning_rate": 0.1, "momentum": 0.5, "exaggeration_iter": 40, "max_iter": 40}
    free = list(descend(bowl, start, **options))
    stretched = list(descend(bowl, start, min_spread=0.05, **options))
    assert np.std(free[40].Y) < 1e-3 < 0.05 < np.std(stretched[40].Y) * 1.5
    for a, b in zip(free, stretched):
        np.testing.assert_allclose(a.Y / np.linalg.norm(a.Y), b.Y / np.linalg.norm(b.Y), rtol=1e-9)


def test_a_map_in_one_point_is_left_there():
    *_, last = descend(lambda Y: (0.0, 0 * Y), np.zeros((5, 2)), learning_rate=1.0, max_iter=5, min_spread=1.0)
    assert not last.Y.any()


# States


def test_states_can_be_kept():
    wanted = (0, 3, 7)
    kept = {s.iteration: s for s in descend(t_sne, START, learning_rate=5.0, max_iter=10) if s.iteration in wanted}
    for k in wanted:
        *_, last = descend(t_sne, START, learning_rate=5.0, max_iter=k)
        assert np.array_equal(kept[k].Y, last.Y)
        assert kept[k].kl_divergence == pytest.approx(t_sne(last.Y)[0], rel=1e-14)


def test_writing_into_a_state_does_not_disturb_the_descent():
    options = {"learning_rate": 5.0, "max_iter": 5}
    *_, undisturbed = descend(t_sne, START, **options)
    for state in descend(t_sne, START, **options):
        last = state.Y.copy()
        state.Y[:] = np.nan
    assert np.array_equal(last, undisturbed.Y)


def test_the_divergence_is_computed_only_when_asked():
    asked = []
    states = list(descend(lambda Y: (None, 2 * Y), START, learning_rate=0.1, max_iter=5,
                          divergence=lambda Y: asked.append(1) or 7.0))
    assert not asked
    assert states[2].kl_divergence == 7.0 == states[2].kl_divergence and len(asked) == 1
    assert "Y=" not in repr(states[2]) and len(asked) == 1


def test_no_more_gradients_than_states():
    calls = []
    for state in descend(lambda Y: calls.append(1) or bowl(Y), START, learning_rate=0.1, max_iter=50):
        if state.iteration == 4:
            break
    assert len(calls) == 5
    assert len(list(descend(bowl, START, learning_rate=0.1, max_iter=0))) == 1


# Errors


def test_a_map_that_explodes_says_when_and_what_to_do():
    with pytest.raises(FloatingPointError, match=r"after step \d+: lower learning_rate \(it was 1e\+200\)"):
        list(descend(bowl, [[1.0], [-1.0]], learning_rate=1e200, max_iter=50, gains=False))
    with pytest.raises(FloatingPointError, match=r"after step \d+: lower learning_rate"):
        list(descend(t_sne, START, learning_rate=1e180, max_iter=50))
    with pytest.raises(FloatingPointError, match="gradient is not finite after step 0"):
        list(descend(lambda Y: (0.0, Y * np.nan), START, learning_rate=1.0, max_iter=5))


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "learning_rate": [0, -1, np.nan, np.inf, "auto", None, True, (1.0,), (1.0, 2.0, 3.0), (1.0, 0), (np.nan, 1.0), (1.0, None)],
        "max_iter": [-1, 2.5, None],
        "momentum": [1.0, -0.1, np.nan, None, "0.5", (), (0.5,), (0.5, 0.5, 0.5), (0.5, 1.0), (-0.1, 0.5), (0.5, np.nan)],
        "momentum_switch": [-1, 1.5],
        "early_exaggeration": [0.5, np.nan, None],
        "exaggeration_iter": [-1, 0.5],
        "compression": [-1, np.nan],
        "noise": [-1, np.inf],
        "max_step_norm": [0, -1, np.nan, np.inf, "5", True],
        "min_spread": [-1e-9, np.nan, np.inf, None],
    }.items(),
)
def test_parameters_are_checked_at_the_call(name, values):
    for value in values:
        with pytest.raises((ValueError, TypeError), match=f"{name} must be"):
            descend(bowl, START, **{"learning_rate": 1.0, "max_iter": 5} | {name: value})


def test_starts_are_checked_at_the_call():
    for wrong in (START[:1], START[:, 0], START * np.nan):
        with pytest.raises(ValueError, match="Y0"):
            descend(bowl, wrong, learning_rate=1.0, max_iter=5)
