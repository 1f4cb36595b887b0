"""Factor analysis against figures that others printed, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pendapa.study import factors, omega, reliability, rotation

# Nine tests of Thurstone & Thurstone 1941 (213 people), as McDonald 1999 and R's psych (`Thurstone`) print them.
THURSTONE = np.loadtxt(
    """
    1.000 0.828 0.776 0.439 0.432 0.447 0.447 0.541 0.380
    0.828 1.000 0.779 0.493 0.464 0.489 0.432 0.537 0.358
    0.776 0.779 1.000 0.460 0.425 0.443 0.401 0.534 0.359
    0.439 0.493 0.460 1.000 0.674 0.590 0.381 0.350 0.424
    0.432 0.464 0.425 0.674 1.000 0.541 0.402 0.367 0.446
    0.447 0.489 0.443 0.590 0.541 1.000 0.288 0.320 0.325
    0.447 0.432 0.401 0.381 0.402 0.288 1.000 0.555 0.598
    0.541 0.537 0.534 0.350 0.367 0.320 0.555 1.000 0.452
    0.380 0.358 0.359 0.424 0.446 0.325 0.598 0.452 1.000
    """.splitlines()[1:-1],
)


def test_omega_of_thurstones_nine_tests() -> None:
    """Revelle's manual of psych, omega(Thurstone): alpha .89, omega hierarchical .74, omega total .93."""
    found = omega.schmid_leiman(THURSTONE, 3)
    assert round(found.hierarchical, 2) == 0.74
    assert round(found.total, 2) == 0.93
    assert round(reliability.cronbach_alpha(THURSTONE), 2) == 0.89
    # R 4.2.2 with psych 2.2.9 says 0.7360703 and 0.9308254.
    assert found.hierarchical == pytest.approx(0.7360703, abs=2e-5)
    assert found.total == pytest.approx(0.9308254, abs=2e-6)


def test_the_general_factor_of_thurstones_nine_tests() -> None:
    """The same manual prints the loadings on g: .71 .73 .68 .65 .62 .56 .59 .58 .54."""
    printed = [0.71, 0.73, 0.68, 0.65, 0.62, 0.56, 0.59, 0.58, 0.54]
    assert omega.schmid_leiman(THURSTONE, 3).general == pytest.approx(printed, abs=0.0051)


def test_minres_and_maximum_likelihood_find_what_made_the_matrix() -> None:
    """A matrix that one factor makes exactly is taken apart exactly."""
    loadings = np.array([0.9, 0.7, 0.6, 0.5, 0.3])
    correlation = np.outer(loadings, loadings)
    np.fill_diagonal(correlation, 1)
    for extract in (factors.minres, factors.maximum_likelihood):
        found = extract(correlation, 1)
        assert found.loadings[:, 0] == pytest.approx(loadings, abs=1e-5)
        assert found.uniquenesses == pytest.approx(1 - loadings**2, abs=1e-5)


def test_minres_is_principal_axes_iterated_to_convergence() -> None:
    """Another way to the same place: communalities put back into the diagonal until they stay."""
    reduced = THURSTONE.copy()
    for _ in range(3_000):
        values, vectors = np.linalg.eigh(reduced)
        axes = vectors[:, -3:] * np.sqrt(values[-3:])
        np.fill_diagonal(reduced, (axes**2).sum(axis=1))
    found = factors.minres(THURSTONE, 3)
    assert (found.loadings**2).sum(axis=1) == pytest.approx(np.diag(reduced), abs=1e-5)


def test_rotation_keeps_what_the_factors_explain() -> None:
    found = factors.minres(THURSTONE, 3).loadings
    explained = found @ found.T
    pattern, phi = rotation.oblimin(found)
    assert pattern @ phi @ pattern.T == pytest.approx(explained, abs=1e-9)
    assert np.diag(phi) == pytest.approx(np.ones(3))
    turned = rotation.varimax(found)
    assert turned @ turned.T == pytest.approx(explained, abs=1e-9)


def test_rotation_finds_simple_structure() -> None:
    simple = np.kron(np.eye(2), [[0.8], [0.7], [0.6]])
    angle = 0.6
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    pattern, phi = rotation.ordered(*rotation.oblimin(simple @ turn))
    assert pattern == pytest.approx(simple, abs=1e-6)
    assert phi == pytest.approx(np.eye(2), abs=1e-6)
    assert rotation.ordered(rotation.varimax(simple @ turn))[0] == pytest.approx(simple, abs=1e-6)


@pytest.mark.parametrize(
    ("items", "wanted", "told"),
    [(1, 3, 0), (2, 3, 0), (3, 3, 1), (4, 3, 1), (5, 3, 2), (6, 3, 3), (12, 3, 3), (6, 1, 1)],
)
def test_so_many_items_tell_so_many_factors(items: int, wanted: int, told: int) -> None:
    """Ledermann's bound by hand: (k - m)² >= k + m; five items: 3² >= 7 holds, 2² >= 8 does not."""
    assert factors.factors_that_fit(items, wanted) == told


def test_parallel_analysis_sees_three_factors_in_thurstones_tests_beside_noise() -> None:
    found = factors.parallel_analysis(THURSTONE, 213, 200, seed=2)
    # Eigenvalues of the nine tests, by R's eigen(Thurstone): 4.851, 1.090, 1.038; random data of that size reach 1.4.
    assert found.observed[:3] == pytest.approx([4.851, 1.090, 1.038], abs=5e-4)
    assert 1.3 < found.random_95[0] < 1.5
    assert found.factors == 1
