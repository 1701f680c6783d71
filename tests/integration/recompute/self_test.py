"""Reference values, computed with R 4.2 (survival, classInt), for statistics_reference."""

import math

import statistics_reference as s


def lives(text):
    """`9 13 13+` is two who left and one who was still there."""
    return [(int(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


AML = [lives("9 13 13+ 18 23 28+ 31 34 45+ 48 161+"),
       lives("5 5 8 8 12 16+ 23 27 30 33 43 45")]
FREIREICH = [lives("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"),
             lives("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23")]
MIXED = [1, 1, 2, 3, 4, 7, 8, 9, 15, 16, 20, 40, 45, 90, 95, 100]
BASE = [0] * 140 + [1] * 30 + [2] * 18 + [8, 8, 9, 10, 10, 11, 12, 14, 15, 18, 20, 25]


def near(actual, expected, tolerance):
    if not math.isclose(actual, expected, rel_tol=0, abs_tol=tolerance):
        raise AssertionError(f"{actual!r} is not {expected!r} within {tolerance}")


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


def survival():
    maintained = {row[0]: row for row in s.kaplan_meier(AML[0])}
    for day, value, lower, upper in [(9, .909091, .5080802, .986674),
                                     (23, .613636, .2657520, .835299),
                                     (48, .184091, .0117385, .525015)]:
        near(float(maintained[day][3]), value, 1e-6)
        near(maintained[day][4], lower, 1e-6)
        near(maintained[day][5], upper, 1e-6)
    same(s.median(s.kaplan_meier(AML[0])), 31)
    treated = {row[0]: row for row in s.kaplan_meier(FREIREICH[0])}
    near(float(treated[6][3]), .85714286, 1e-8)
    near(treated[6][4], .61971796, 1e-8)
    near(treated[6][5], .95155175, 1e-8)
    near(float(treated[23][3]), .44817927, 1e-8)
    same(s.kaplan_meier([(1, True)])[0][3:], (0, None, None))


def comparison():
    near(s.log_rank(AML)[0], 3.396388699, 1e-9)
    near(s.log_rank(FREIREICH)[0], 16.79294099, 1e-8)
    near(s.log_rank([lives("10 20 30"), lives("10 20 50")])[0], .254237, 1e-6)
    near(s.log_rank(AML + [lives("1+ 2+")])[0], 3.396388699, 1e-9)
    near(s.chi_square_survival(10.32674195, 1), .00131116452, 1e-11)
    near(s.chi_square_survival(3.841458820694124, 1), .05, 1e-15)
    near(s.chi_square_survival(5.991464547107979, 2), .05, 1e-15)
    near(s.chi_square_survival(7.814727903251178, 3), .05, 1e-15)


def concentration():
    near(s.gini([1, 2, 3, 4]), .25, 0)
    near(s.gini([0, 0, 0, 1]), .75, 0)
    near(s.gini([7, 7, 7]), 0, 0)
    near(s.top_share([4, 3, 2, 1], 20), .4, 1e-15)
    same(s.lorenz([1, 3]), [(0, 0), (.5, .25), (1, 1)])
    same(s.natural_breaks(MIXED, 3), [20, 45, 100])
    near(s.variance_fit(MIXED, [20, 45, 100]), .9736937241, 1e-10)
    same(s.natural_breaks(MIXED, 5), [4, 9, 20, 45, 100])
    near(s.variance_fit(MIXED, [4, 9, 20, 45, 100]), .9954772004, 1e-10)
    same(s.natural_breaks(list(range(12)), 4), [2, 5, 8, 11])
    same(s.natural_breaks([0, 0, 0, 1, 2, 50], 3), [0, 2, 50])
    same(s.natural_breaks([x for x in BASE if x], 2), [2, 25])


def churn():
    same([s.month_of(day) for day in (0, 1, 30, 31, 60, 61)], [1, 1, 1, 2, 2, 3])
    rows = s.churn_by_month(lives("0 30 31 60+ 90"))
    same([row[:3] for row in rows], [(1, 5, 2), (2, 3, 1), (3, 1, 1)])
    ratio, lower, upper = s.rate_ratio(lives("40 90+"), lives("50 90+"), 2, 3)
    near(ratio, (1 / 70) / (1 / 80), 1e-15)
    near(lower * upper, ratio**2, 1e-12)
    same(s.rate_ratio(lives("40"), lives("90+"), 2, 3), (None, None, None))


def run():
    for test in (survival, comparison, concentration, churn):
        test()
        print(f"{test.__name__}: ok")
