"""The statistics of the report, from their formulas, in exact fractions where it matters.

Written apart from the services, to check them: nothing here is shared with their code.
Python's standard library only.
"""

import math
from fractions import Fraction

Z = 1.959963984540054  # The 0.975 quantile of the normal distribution.


def chi_square_survival(x, df):
    """P(X > x) for a chi-square variable; closed forms for whole degrees of freedom."""
    if x <= 0:
        return 1.0
    half = x / 2
    if df % 2 == 0:
        terms = [half**k / math.factorial(k) for k in range(df // 2)]
        return math.exp(-half) * math.fsum(terms)
    terms = [half ** (k - 0.5) / math.gamma(k + 0.5) for k in range(1, (df + 1) // 2)]
    return math.erfc(math.sqrt(half)) + math.exp(-half) * math.fsum(terms)


def kaplan_meier(lives):
    """Survival of lives (tenure, left), a row for each tenure at which somebody left.

    Rows are (day, at risk, events, survival, lower, upper); survival is exact, the limits
    are those of the 95 % log-log interval, None where it is undefined.
    """
    rows, survival, greenwood = [], Fraction(1), Fraction(0)
    for day in sorted({tenure for tenure, left in lives if left}):
        at_risk = sum(tenure >= day for tenure, _ in lives)
        events = sum(tenure == day and left for tenure, left in lives)
        survival *= 1 - Fraction(events, at_risk)
        lower = upper = None
        if survival > 0:
            greenwood += Fraction(events, at_risk * (at_risk - events))
            sigma = math.sqrt(greenwood) / abs(math.log(survival))
            lower = float(survival) ** math.exp(Z * sigma)
            upper = float(survival) ** math.exp(-Z * sigma)
        rows.append((day, at_risk, events, survival, lower, upper))
    return rows


def median(rows, column=3):
    """First day on which the survival (or a limit of it) is at most a half, or None."""
    for row in rows:
        if row[column] is not None and row[column] <= Fraction(1, 2):
            return row[0]
    return None


def solve(matrix, vector):
    """Gaussian elimination on fractions; the matrix is regular."""
    rows = [list(row) + [value] for row, value in zip(matrix, vector)]
    size = len(rows)
    for i in range(size):
        pivot = next(r for r in range(i, size) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(size):
            if r != i and rows[r][i] != 0:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def log_rank(groups):
    """(chi-square, degrees of freedom, p) of the log-rank test of k groups of lives.

    A group that nobody was expected to leave from does not count. None if fewer than two
    remain.
    """
    everybody = [life for group in groups for life in group]
    size = len(groups)
    difference = [Fraction(0)] * size
    expected = [Fraction(0)] * size
    variance = [[Fraction(0)] * size for _ in range(size)]
    for day in sorted({tenure for tenure, left in everybody if left}):
        n = [sum(tenure >= day for tenure, _ in group) for group in groups]
        d = [sum(tenure == day and left for tenure, left in group) for group in groups]
        total, events = sum(n), sum(d)
        for i in range(size):
            expected[i] += Fraction(events * n[i], total)
            difference[i] += d[i] - Fraction(events * n[i], total)
            for j in range(size if total > 1 else 0):
                share = Fraction(n[i], total) * ((i == j) - Fraction(n[j], total))
                variance[i][j] += share * Fraction(events * (total - events), total - 1)
    kept = [i for i in range(size) if expected[i] > 0][:-1]
    if not kept:
        return None
    u = [difference[i] for i in kept]
    solution = solve([[variance[i][j] for j in kept] for i in kept], u)
    chi_square = float(sum(a * b for a, b in zip(u, solution)))
    return chi_square, len(kept), chi_square_survival(chi_square, len(kept))


def gini(values):
    n, total = len(values), sum(values)
    if total == 0:
        return 0.0
    ranked = enumerate(sorted(values), 1)
    return float(Fraction(sum((2 * i - n - 1) * x for i, x in ranked), n * total))


def top_share(values, percent):
    """Share of the sum that the first ceil(p n) of n have."""
    total = sum(values)
    count = -(-percent * len(values) // 100)
    return float(Fraction(sum(sorted(values, reverse=True)[:count]), total)) if total else 0.0


def lorenz(values):
    """The Lorenz curve, a point for each value, poorest first, from (0, 0) to (1, 1)."""
    n, total, sums, so_far = len(values), sum(values), [], 0
    for value in [0] + sorted(values):
        so_far += value
        sums.append(so_far)
    return [(i / n, s / total if total else i / n) for i, s in enumerate(sums)] if n else []


def natural_breaks(values, classes):
    """Greatest value of each class of the split with the least squared error.

    Fisher and Jenks, by dynamic programming over the distinct values, so that ties stay
    together. Of equally good splits, the one with the lowest upper class bounds.
    """
    distinct = sorted(set(values))
    counts = [values.count(x) for x in distinct]

    def error(first, last):
        weight = sum(counts[first:last])
        mean = Fraction(sum(x * c for x, c in zip(distinct[first:last], counts[first:last])),
                        weight)
        return sum(c * (x - mean) ** 2
                   for x, c in zip(distinct[first:last], counts[first:last]))

    best = {(0, 0): (Fraction(0), ())}
    for k in range(1, classes + 1):
        for last in range(k, len(distinct) + 1):
            best[k, last] = min(
                (best[k - 1, first][0] + error(first, last),
                 best[k - 1, first][1] + (distinct[last - 1],))
                for first in range(k - 1, last) if (k - 1, first) in best)
    return list(best[classes, len(distinct)][1])


def variance_fit(values, upper_bounds):
    """1 - (squared error within classes) / (squared error of all)."""
    def error(part):
        mean = Fraction(sum(part), len(part))
        return sum((x - mean) ** 2 for x in part)

    bounds = [None] + list(upper_bounds)
    within = sum(
        error([x for x in values if (low is None or x > low) and x <= high])
        for low, high in zip(bounds, bounds[1:]))
    return float(1 - within / error(values))


def month_of(day):
    """The month of tenure, of 30 days, that a churn on this day belongs to."""
    return max(1, -(-day // 30))


def churn_by_month(lives):
    """Rows (month, at risk, events, hazard) from 1 to the last with somebody at risk."""
    rows = []
    for month in range(1, 1 + max((month_of(tenure) for tenure, _ in lives), default=0)):
        at_risk = sum(month == 1 or tenure > 30 * (month - 1) for tenure, _ in lives)
        events = sum(left and month_of(tenure) == month for tenure, left in lives)
        rows.append((month, at_risk, events, events / at_risk))
    return rows


def rate_ratio(numerator, denominator, first, last):
    """(ratio, lower, upper) of churn by person-day over months first to last."""
    def rate(lives):
        events = sum(left and first <= month_of(tenure) <= last for tenure, left in lives)
        days = sum(min(tenure, 30 * last) - min(tenure, 30 * (first - 1))
                   for tenure, _ in lives)
        return events, days

    (d1, days1), (d2, days2) = rate(numerator), rate(denominator)
    if d2 == 0 or days1 == 0:
        return None, None, None
    ratio = float(Fraction(d1 * days2, d2 * days1))
    if d1 == 0:
        return ratio, None, None
    spread = Z * math.sqrt(1 / d1 + 1 / d2)
    return ratio, math.exp(math.log(ratio) - spread), math.exp(math.log(ratio) + spread)
