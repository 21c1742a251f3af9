"""Measures of curves of means by label, and of maps of matches, by NumPy: curves.json.

    python make_curve_fixture.py

NumPy 2.2.6, float64. The definitions are written anew from the documentation of CosineMatrix,
PrincipalComponents, PlaneTurns, CurveNull and QkTwist.
"""

import json
from pathlib import Path

import numpy as np


def curve(labels, waves, tail, seed):
    """Waves of falling weight along the labels, and a little noise."""
    random = np.random.default_rng(seed)
    x = (np.arange(labels) + 0.5) / labels
    directions = np.linalg.qr(random.normal(size=(9, 9)))[0]
    points = random.normal(size=9) + 0.02 * random.normal(size=(labels, 9))
    for k in range(1, waves + 1):
        points += tail**k * np.outer(np.cos(np.pi * k * x), directions[k])
    return points


def shape(points):
    labels = len(points)
    centred = points - points.mean(0)
    variances = np.linalg.svd(centred, compute_uv=False) ** 2
    shares = variances / variances.sum()
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    cosines = unit @ unit.T
    lags = int(np.ceil(0.8 * labels))
    profile = np.array([np.diag(cosines, lag).mean() for lag in range(lags)])
    best = (0.0, profile.min())
    for low in range(lags):
        if profile[low] < 0:
            for high in range(low + 1, lags):
                best = max(best, (profile[high] - profile[low], profile[low]), key=lambda b: b[0])
    scores = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    averaged = (scores[:-2] + scores[1:-1] + scores[2:]) / 3
    angles = np.unwrap(np.arctan2(averaged[:, 1], averaged[:, 0]))
    return {
        "plane_turns": abs(angles[-1] - angles[0]) / (2 * np.pi),
        "components_95": int(np.searchsorted(np.cumsum(shares), 0.95) + 1),
        "first": shares[0],
        "rise": best[0],
        "trough": best[1],
        "reach": 1 / np.sqrt(-2 * np.log(profile[1])),
    }


def difference_share(scores, queries, keys, within):
    """Of the variance of a double-centred map near the diagonal, what its diagonals' means hold."""
    scores = scores - scores.mean(0) - scores.mean(1, keepdims=True) + scores.mean()
    difference = keys[None] - queries[:, None]
    near = np.abs(difference) <= within
    values, groups = scores[near], difference[near]
    between = sum(
        (groups == g).sum() * (values[groups == g].mean() - values.mean()) ** 2
        for g in np.unique(groups)
    )
    return between / ((values - values.mean()) ** 2).sum()


def main():
    curves = []
    for labels, waves, tail, seed in [(40, 6, 0.9, 1), (25, 2, 0.4, 2), (31, 1, 1.0, 3)]:
        points = curve(labels, waves, tail, seed)
        curves.append({"points": points.tolist(), "shape": shape(points)})
    random = np.random.default_rng(5)
    queries, keys = np.arange(2, 26), np.arange(5, 31)
    difference = keys[None] - queries[:, None]
    maps = []
    for noise in (0.1, 1.0, 4.0):
        scores = np.exp(-(((difference + 3) / 4) ** 2)) + noise * random.normal(size=difference.shape)
        scores += random.normal(size=len(keys)) + random.normal(size=(len(queries), 1))
        maps.append(
            {"scores": scores.tolist(), "share": difference_share(scores, queries, keys, 12)}
        )
    draws = np.sort(random.normal(size=37))
    Path(__file__).with_name("curves.json").write_text(
        json.dumps(
            {
                "curves": curves,
                "queries": queries.tolist(),
                "keys": keys.tolist(),
                "within": 12,
                "maps": maps,
                "draws": draws.tolist(),
                "percentile_99": np.percentile(draws, 99),
                "percentile_40": np.percentile(draws, 40),
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
