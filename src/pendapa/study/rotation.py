"""Rotation of factor loadings by gradient projection.

Source: Jennrich 2001, 2002; Bernaards & Jennrich 2005, Educational and Psychological Measurement 65, 676-696.
"""

from __future__ import annotations

import numpy as np

from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray

ROUNDS = 5_000
CLOSE = 1e-8


def oblimin(loadings: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Direct quartimin (oblimin with gamma 0, no Kaiser rows, as psych's default): pattern and factor correlations.

    Starts from the unrotated loadings. Raises NotComputable if it does not settle.
    """
    m = loadings.shape[1]
    others = np.ones((m, m)) - np.eye(m)

    def criterion(pattern: FloatArray) -> tuple[float, FloatArray]:
        squares = pattern**2
        crossed = squares @ others
        return float((squares * crossed).sum() / 4), pattern * crossed

    turn = np.eye(m)
    pattern = loadings.copy()
    value, slope = criterion(pattern)
    gradient = -(pattern.T @ slope @ np.linalg.inv(turn)).T
    step = 1.0
    for _ in range(ROUNDS):
        projected = gradient - turn * (turn * gradient).sum(axis=0)
        size = float(np.sqrt((projected**2).sum()))
        if size < CLOSE:
            break
        step *= 2
        for _ in range(30):
            trial = turn - step * projected
            trial = trial / np.sqrt((trial**2).sum(axis=0))
            trial_pattern = loadings @ np.linalg.inv(trial).T
            trial_value, trial_slope = criterion(trial_pattern)
            if value - trial_value > 0.5 * size**2 * step:
                break
            step /= 2
        else:
            if size < 1e-5:  # no better point within rounding: this is one
                break
            raise NotComputable("the oblimin rotation does not settle")
        turn, pattern, value, slope = trial, trial_pattern, trial_value, trial_slope
        gradient = -(pattern.T @ slope @ np.linalg.inv(turn)).T
    else:
        raise NotComputable("the oblimin rotation does not settle")
    return pattern, turn.T @ turn


def varimax(loadings: FloatArray) -> FloatArray:
    """Varimax with Kaiser's rows of unit length, restored afterwards. Source: Kaiser 1958.

    Turns each pair of factors by the angle that is best for it, until none gains. The usual shortcut by singular values
    swings to and fro for ever on matrices as plain as two clean factors turned by one angle.
    """
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    rows = loadings / lengths
    p, m = rows.shape
    for _ in range(ROUNDS):
        largest = 0.0
        for first in range(m):
            for second in range(first + 1, m):
                x, y = rows[:, first].copy(), rows[:, second].copy()
                u, v = x * x - y * y, 2 * x * y
                across = 2 * float(u @ v) - 2 * float(u.sum() * v.sum()) / p
                along = float(u @ u - v @ v) - float(u.sum() ** 2 - v.sum() ** 2) / p
                angle = np.arctan2(across, along) / 4
                if np.hypot(across, along) < 1e-14:  # no angle is better than another
                    continue
                rows[:, first] = np.cos(angle) * x + np.sin(angle) * y
                rows[:, second] = np.cos(angle) * y - np.sin(angle) * x
                largest = max(largest, abs(float(angle)))
        if largest < CLOSE:
            break
    result: FloatArray = rows * lengths
    return result


def ordered(pattern: FloatArray, phi: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Factors with the largest sum of squares first, each with a positive sum of loadings; their correlations alike."""
    m = pattern.shape[1]
    phi = np.eye(m) if phi is None else phi
    order = np.argsort(-np.diag(phi @ pattern.T @ pattern), kind="stable")
    signs = np.where(pattern[:, order].sum(axis=0) < 0, -1.0, 1.0)
    return pattern[:, order] * signs, phi[np.ix_(order, order)] * np.outer(signs, signs)
