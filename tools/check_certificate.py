#!/usr/bin/python3
"""Checks a certificate that `lemmabench law --arithmetic ball --certificate FILE` wrote.

    tools/check_certificate.py FILE             the whole of it
    tools/check_certificate.py FILE --step 7    that step alone (may be repeated)
    tools/check_certificate.py FILE --end       the end alone

A second opinion: it shares no code with lemmabench, computes in mpmath's interval arithmetic and
derives again what docs/proved.md says, from the certificate's target, levels and sampler:
the law of the start (P2), of every step the map, the contour, the weights, the means and their sum
(P3 to P7), the sum over the steps (P1), the sign of p - q and the interval (P10). It knows the
samplers `ddpm` and `li-cai`, written here from docs/theory.md. A bound in the certificate is
accepted if it is at least what is found here.

Levels are checked against schedules `logit`, and else taken as the certificate gives them. Where the
last steps were bounded and not followed, what is checked is the total variation at the level that
was followed to.

Exit code 0: everything looked at holds; 1: something does not; 2: no certificate, or one that this
program does not know how to check. Needs mpmath (Debian: python3-mpmath).
"""

import argparse
import bisect
import json
import math
import re
import sys
from fractions import Fraction

try:
    from mpmath import iv
except ImportError:
    sys.exit("check_certificate: needs mpmath; on Debian: apt-get install python3-mpmath")

BITS = 120
iv.prec = BITS
FORMAT, VERSION = "lemmabench line certificate", 1
WINDOW = 9  # deviations; P(|Z| > 9) < 2.3e-19
REACH = Fraction(19, 2)  # of a component in a density: e^{-9.5^2/2} < 2.6e-20
DEGREE = 10  # of the Taylor polynomials of densities
SLACK = iv.mpf([-1, 1]) * iv.mpf(2) ** -110 + 1  # around mpmath's own exp, sin and cos


class Rejected(Exception):
    """Something in the certificate does not hold."""


class Unknown(Exception):
    """Nothing that can be checked."""


# ---- numbers -------------------------------------------------------------------------------------


def exact(text):
    """The rational that a hex float of any length is."""
    found = re.fullmatch(r"(-?)0x([0-9a-fA-F]+)(?:\.([0-9a-fA-F]*))?p([+-]?\d+)", text)
    if not found:
        raise Unknown(f"{text!r} is no hex float")
    sign, whole, part, exponent = found.groups()
    part = part or ""
    value = Fraction(int(whole + part, 16)) * Fraction(2) ** (int(exponent) - 4 * len(part))
    return -value if sign else value


def interval(x):
    """A rational as an interval around it."""
    x = Fraction(x)
    return iv.mpf(x.numerator) / x.denominator


def low(x):
    return Fraction(*fraction_of(x._mpi_[0]))


def high(x):
    return Fraction(*fraction_of(x._mpi_[1]))


def fraction_of(mpf):
    sign, man, exponent, _ = mpf
    if not man and exponent:
        raise Rejected("a bound is not finite")
    man = -man if sign else man
    return (man << exponent, 1) if exponent >= 0 else (man, 1 << -exponent)


def hull(a, b):
    return iv.mpf([interval(a).a, interval(b).b])


def exp(x):
    return iv.exp(x) * SLACK


def magnitude(x):
    """An upper bound of |x|, as an interval [0, bound]."""
    return abs(x).b


def larger(a, b):
    return a if (a > b) is True else b


def around(radius):
    """[-radius, radius]."""
    return iv.mpf([-1, 1]) * radius


def square(x):
    """x^2, which of a complex rectangle is smaller than x x."""
    if isinstance(x, iv.mpc):
        return iv.mpc(x.real**2 - x.imag**2, 2 * x.real * x.imag)
    return x**2


def inverse(x):
    """1/x. Of a complex rectangle c + e with |e/c| <= u < 1: (1/c)(1 + a disc of radius u/(1 - u)); all of
    the plane where it may hold 0."""
    if not isinstance(x, iv.mpc):
        return 1 / x
    c = iv.mpc(x.real.mid, x.imag.mid)
    if (modulus(c) > 0) is not True:
        return iv.mpc(around(iv.inf), around(iv.inf))
    at_c = 1 / c
    u = (modulus(x - c) * modulus(at_c)).b
    if (u < 1) is not True:
        return iv.mpc(around(iv.inf), around(iv.inf))
    disc = around((u / (1 - u)).b)
    return at_c * (1 + iv.mpc(disc, disc))


def modulus(x):
    """|x|, its upper end an upper bound."""
    return iv.sqrt(x.real**2 + x.imag**2)


def require(holds, text):
    """Interval comparisons are True, False or None (not known)."""
    if holds is not True:
        raise Rejected(text)


# ---- the target and the samplers -----------------------------------------------------------------


class Score:
    """S(x) = p'(x)/p(x) for p = sum_k w_k N(mu_k, W_k), mu_k = sqrt(abar) m_k, W_k = abar V_k + noise,
    at real and complex intervals. A set is given as c + d with d around 0: exponents are expanded at
    c, so that their differences do not widen."""

    def __init__(self, target, abar, noise):
        root = iv.sqrt(abar)
        self.mu = [root * interval(m) for _, m, _ in target]
        self.variance = [abar * interval(v) + noise for _, _, v in target]
        self.precision = [1 / w for w in self.variance]
        self.factor = [
            iv.log(interval(w)) - iv.log(v) / 2 for (w, _, _), v in zip(target, self.variance)
        ]

    def posterior(self, c, d):
        """r_k on c + d: r_k = odds_k/sum_j odds_j, odds_k = e^{E_k - E_base} with E_k = factor_k -
        (x - mu_k)^2/(2 W_k). Any base will do; the largest at c keeps the others small."""
        parts = []
        for factor, mu, a in zip(self.factor, self.mu, self.precision):
            off = c - mu
            parts.append((factor - off * off * a / 2, -off * a, -a / 2))
        base = max(range(len(parts)), key=lambda k: float(parts[k][0].real.mid))
        f0, f1, f2 = parts[base]
        odds = [
            iv.mpf(1) if k == base else exp((e0 - f0) + (e1 - f1) * d + (e2 - f2) * square(d))
            for k, (e0, e1, e2) in enumerate(parts)
        ]
        scale = inverse(sum(odds[1:], odds[0]))
        return [r * scale for r in odds]

    def value(self, c):
        """S at the point c (its own rounding apart)."""
        r = self.posterior(c, iv.mpf(0))
        u = [(mu - c) * a for mu, a in zip(self.mu, self.precision)]
        return sum((rk * (uk - u[0]) for rk, uk in zip(r[1:], u[1:])), u[0])

    def slope(self, c, d):
        """S' = -sum_k r_k/W_k + sum_{j<k} r_j r_k (u_j - u_k)^2 on c + d."""
        r = self.posterior(c, d)
        u0 = [(mu - c) * a for mu, a in zip(self.mu, self.precision)]
        a = self.precision
        out = -a[0] + sum((r[k] * (a[0] - a[k]) for k in range(1, len(r))), iv.mpf(0))
        for k in range(len(r)):
            for j in range(k):
                gap = (u0[j] - u0[k]) - (a[j] - a[k]) * d
                out = out + r[j] * r[k] * square(gap)
        return out


class Ddpm:
    """Y' = (Y + b s_t(Y) + sqrt(b) Z)/sqrt(alpha)   [docs/theory.md, section 3]."""

    def __init__(self, target, level, before):
        self.now = Score(target, *level)
        self.alpha = level[0] / before[0]
        self.b = 1 - self.alpha
        self.root = iv.sqrt(self.alpha)

    def deviation(self):
        return iv.sqrt(self.b) / self.root

    def value(self, x):
        return (x + self.b * self.now.value(x)) / self.root

    def slope(self, c, d):
        return (1 + self.b * self.now.slope(c, d)) / self.root


class LiCai(Ddpm):
    """mid = (Y + (b/2) s_t(Y))/sqrt(alpha), Y' = (Y + b s_{t-1}(mid)/sqrt(alpha) + sqrt(b) Z)/sqrt(alpha)
    [docs/theory.md, section 3: midpoint form, without clip and intermediate noise]."""

    def __init__(self, target, level, before):
        super().__init__(target, level, before)
        self.next = Score(target, *before)

    def middle(self, x):
        return (x + self.b / 2 * self.now.value(x)) / self.root

    def value(self, x):
        return (x + self.b * self.next.value(self.middle(x)) / self.root) / self.root

    def slope(self, c, d):
        bend = (1 + self.b / 2 * self.now.slope(c, d)) / self.root
        # mid(c + d) lies in mid(c) + mid'(c + d) d, as the set is convex.
        return (1 + self.b * self.next.slope(self.middle(c), bend * d) * bend / self.root) / self.root


SAMPLERS = {"ddpm": Ddpm, "li-cai": LiCai}


# ---- finite mixtures -----------------------------------------------------------------------------


class Group:
    """sum_j w_j N(m_j, sd^2), w_j > 0, exact; by ascending means."""

    def __init__(self, sd, means, weights):
        self.sd = exact(sd)
        pairs = sorted((exact(m), exact(w)) for m, w in zip(means, weights))
        if len(means) != len(weights) or not pairs:
            raise Rejected("a law has as many means as weights, and some")
        self.means = [m for m, _ in pairs]
        self.weights = [w for _, w in pairs]
        if self.sd <= 0 or min(self.weights) <= 0:
            raise Rejected("deviations and weights are above 0")
        self.running = [Fraction(0)]
        for w in self.weights:
            self.running.append(self.running[-1] + w)
        self.total = self.running[-1]
        self.sd_i = interval(self.sd)
        self.means_i = [interval(m) for m in self.means]
        self.weights_i = [interval(w) for w in self.weights]
        self.norm = 1 / (self.sd_i * iv.sqrt(2 * iv.pi))

    def within(self, start, stop, reach):
        """The components with a mean in [start - reach sd, stop + reach sd]."""
        far = reach * self.sd
        return bisect.bisect_left(self.means, start - far), bisect.bisect_right(self.means, stop + far)


def total(groups):
    return sum(g.total for g in groups)


def tail(z):
    """P(Z >= z) <= 4 phi(z)/(3 z + sqrt(z^2 + 8)) (Sampford), as an upper bound."""
    return (4 * exp(-z * z / 2) / iv.sqrt(2 * iv.pi) / (3 * z + iv.sqrt(z * z + 8))).b


TAILS = [(Fraction(k, 2), tail(iv.mpf(k) / 2)) for k in range(2, 28)]


def mass_on(groups, start, stop):
    """An upper bound of the mass in [start, stop]: all of what is within a deviation, and of what is
    farther than z deviations P(Z >= z)."""
    out = iv.mpf(0)
    for g in groups:
        before = g.within(start, stop, Fraction(1))
        out += interval(g.running[before[1]] - g.running[before[0]])
        for (z, bound), reach in zip(TAILS, [z for z, _ in TAILS[1:]] + [None]):
            here = (0, len(g.means)) if reach is None else g.within(start, stop, reach)
            shell = (g.running[here[1]] - g.running[here[0]]) - (
                g.running[before[1]] - g.running[before[0]]
            )
            out += interval(shell) * bound
            before = here
    return out


def density(groups, x):
    """The density at x, enclosed; what is farther than 15 deviations is e^{-15^2/2} < 1.4e-49."""
    out = iv.mpf(0)
    for g in groups:
        sum_ = iv.mpf([0, 1]) * interval(g.total) * 1.4e-49
        first, last = g.within(x, x, Fraction(15))
        at = interval(x)
        for j in range(first, last):
            z = (at - g.means_i[j]) / g.sd_i
            sum_ += g.weights_i[j] * exp(-z * z / 2)
        out += sum_ * g.norm
    return out


def densities(groups, spacing, first, last):
    """The densities at (k + 1/2) spacing, first <= k < last. Along the nodes a Gaussian is a product:
    e(x + h) = e(x) g(x), g(x + h) = g(x) e^{-h^2/sd^2}."""
    out = [iv.mpf(0)] * (last - first)
    for g in groups:
        values = [iv.mpf([0, 1]) * interval(g.total) * 2.6e-20] * (last - first)
        h = interval(spacing / g.sd)
        bend = exp(-h * h)
        for m, w in zip(g.means, g.weights_i):
            # All nodes within REACH, and perhaps a few more.
            start = max(first, int((m - REACH * g.sd) / spacing) - 2)
            stop = min(last, int((m + REACH * g.sd) / spacing) + 2)
            if start >= stop:
                continue
            z = interval(((start + Fraction(1, 2)) * spacing - m) / g.sd)
            value = w * exp(-z * z / 2)
            growth = exp(-h * z - h * h / 2)
            for k in range(start - first, stop - first):
                values[k] = values[k] + value
                value = value * growth
                growth = growth * bend
        out = [a + b * g.norm for a, b in zip(out, values)]
    return out


def outside(groups, covered):
    """An upper bound of the mass outside of the intervals: P(|Z| > 9) of every component all of whose
    9 deviations lie in one, and all of the others."""
    out = Fraction(0)
    starts = [a for a, _ in covered]
    for g in groups:
        reach = WINDOW * g.sd
        for m, w in zip(g.means, g.weights):
            i = bisect.bisect_right(starts, m - reach) - 1
            inside = i >= 0 and m + reach <= covered[i][1]
            out += w * (Fraction(23, 10**20) if inside else 1)
    return interval(out).b


def read_law(record):
    return [Group(g["sd"], g["means"], g["weights"]) for g in record["groups"]]


# ---- one step ------------------------------------------------------------------------------------


def check_tiles(where, rule):
    """The tiles of every range cover it."""
    for first, last, tiles in rule["ranges"]:
        require(tiles[0][0] <= first * rule["spacing"], f"{where}: no tile at the start of a range")
        require(tiles[-1][1] >= last * rule["spacing"], f"{where}: no tile at the end of a range")
        for start, stop, *_ in tiles:
            require(start < stop, f"{where}: a tile ends before it begins")
        for one, other in zip(tiles, tiles[1:]):
            require(one[1] == other[0], f"{where}: no tile between {float(one[1]):.6g} and "
                    f"{float(other[0]):.6g}")


def check_slopes(where, rule, sampler):
    """The `slope` and `rise` of every tile bound |Re m'| over the rectangle above it and
    |Im m(x + i height)| <= int_0^height |Re m'(x + iy)| dy."""
    for _, _, tiles in rule["ranges"]:
        for start, stop, slope, rise, _ in tiles:
            require(steepness_holds(sampler, start, stop, rule["height"], slope, rise),
                    f"{where}: on [{float(start):.6g}, {float(stop):.6g}] the slope {float(slope):.6g} "
                    f"and the rise {float(rise):.6g} were not confirmed")


def steepness_holds(sampler, start, stop, height, slope, rise):
    """Whether both bounds were found to hold, the rectangle cut as finely as that takes."""
    open_ = [(start, stop, max(1, min(12, round(height / (stop - start)))), 0)]
    while open_:
        left, right, stack, depth = open_.pop()
        half = Fraction(height) / stack / 2
        d = iv.mpc(around(interval((right - left) / 2)), around(interval(half)))
        found, worst = iv.mpf(0), iv.mpf(0)
        for k in range(stack):
            c = iv.mpc(interval((left + right) / 2), interval((2 * k + 1) * half))
            steep = magnitude(sampler.slope(c, d).real)
            found += steep * interval(2 * half)
            worst = larger(steep, worst)
        if (found <= interval(rise)) is True and (worst <= interval(slope)) is True:
            continue
        if depth == 10:
            return False
        if 2 * half > right - left:
            open_.append((left, right, 2 * stack, depth + 1))
        else:
            middle = (left + right) / 2
            open_ += [(left, middle, stack, depth + 1), (middle, right, stack, depth + 1)]
    return True


def check_rule(where, rule, q, sd):
    """P3 and P4, from the tiles' bounds: what the midpoint rule is off by."""
    height, spacing = interval(rule["height"]), interval(rule["spacing"])
    narrow = interval(min(g.sd for g in q))
    turns = 2 * iv.pi * height / spacing
    growth, ends = iv.mpf(0), iv.mpf(0)
    for first, last, tiles in rule["ranges"]:
        for start, stop, _, rise, mass in tiles:
            require(mass_on(q, start, stop) <= interval(mass),
                    f"{where}: on [{float(start):.6g}, {float(stop):.6g}] there may be more than the mass "
                    f"{float(mass):.3g}")
            ratio = interval(rise) / sd
            growth += interval(mass) * exp(ratio * ratio / 2)
        for end in (first * rule["spacing"], last * rule["spacing"]):
            steep = interval(max(s for a, b, s, _, _ in tiles if a <= end <= b))
            at_top = exp((height / narrow) ** 2 / 2 + (steep * height / sd) ** 2 / 2 - turns)
            ends += 2 * height * density(q, end) * larger(at_top, iv.mpf(1))
    growth *= exp((height / narrow) ** 2 / 2)
    error = 2 * growth / (exp(turns) - 1) + ends
    require(error <= interval(rule["error"]),
            f"{where}: the midpoint rule may be off by {float(high(error)):.6g}, more than the "
            f"{float(rule['error']):.6g} in the certificate")


def read_rule(where, record):
    rule = {"height": exact(record["height"]), "spacing": exact(record["spacing"]),
            "error": exact(record["rule_error"]), "ranges": []}
    require(rule["height"] > 0 and rule["spacing"] > 0, f"{where}: height and spacing are above 0")
    for r in record["ranges"]:
        tiles = sorted([exact(x) for x in tile] for tile in r["tiles"])
        require(len(tiles) > 0 and r["first"] < r["last"], f"{where}: a range is empty")
        require(all(min(tile[2:]) >= 0 for tile in tiles), f"{where}: a bound is below 0")
        rule["ranges"].append((r["first"], r["last"], tiles))
    for one, other in zip(rule["ranges"], rule["ranges"][1:]):
        require(one[1] <= other[0], f"{where}: two ranges of nodes overlap")
    return rule


def check_step(record, before, question):
    """One step from the law `before`; what the law after it is, and its defect."""
    t = record["step"]
    where = f"step t = {t}"
    sampler = question.sampler(t)
    after = Group(record["sd"], record["means"], record["weights"])
    rule = read_rule(where, record)
    check_tiles(where, rule)
    check_rule(where, rule, before, after.sd_i)
    exact_sd = sampler.deviation()
    weight = interval(total(before))
    # P5 and what is outside of the ranges.
    defect = iv.mpf("0.97") * magnitude(iv.log(exact_sd / after.sd_i)) * weight
    defect += outside(before, [(a * rule["spacing"], b * rule["spacing"]) for a, b, _ in rule["ranges"]])
    # P6: every node weighs what it should or less or more by what is counted.
    given = {}
    require(len(record["nodes"]) == len(record["means"]) == len(record["weights"]),
            f"{where}: nodes, means and weights differ in number")
    for k, m, w in zip(record["nodes"], record["means"], record["weights"]):
        require(k not in given, f"{where}: node {k} is there twice")
        given[k] = (exact(m), exact(w))
    spacing = interval(rule["spacing"])
    seen = 0
    for first, last, _ in rule["ranges"]:
        for k, value in zip(range(first, last), densities(before, rule["spacing"], first, last)):
            mean, w = given.get(k, (None, Fraction(0)))
            defect += magnitude(value * spacing - interval(w))
            if mean is not None:
                seen += 1
                # P7, at the exact node.
                off = sampler.value(interval((k + Fraction(1, 2)) * rule["spacing"])) - interval(mean)
                defect += iv.sqrt(2 / iv.pi) * interval(w) * magnitude(off / after.sd_i)
    require(seen == len(given), f"{where}: a node lies in no range")
    claimed = exact(record["defect"])
    require(defect + interval(rule["error"]) <= interval(claimed),
            f"{where}: the law may be off by {float(high(defect + interval(rule['error']))):.17g}, more than "
            f"the {float(claimed):.17g} in the certificate")
    # Last, as it takes the longest.
    check_slopes(where, rule, sampler)
    print(f"{where}: {len(after.means)} components, defect {float(claimed):.3g}: holds", flush=True)
    return [after]


# ---- the start, the end --------------------------------------------------------------------------


def rounding(groups, target, level):
    """P2: what rounding the mixture at a level to the groups may have changed, in L1."""
    abar, noise = level
    require(len(groups) == len(target), "a law is not the target's, component by component")
    out = iv.mpf(0)
    for g, (w, m, v) in zip(groups, target):
        require(len(g.means) == 1, "a law is not the target's, component by component")
        sd = iv.sqrt(abar * interval(v) + noise)
        shift = magnitude((iv.sqrt(abar) * interval(m) - g.means_i[0]) / sd)
        scale = magnitude(iv.log(sd / g.sd_i))
        out += magnitude(interval(w) - g.weights_i[0])
        out += interval(w) * (iv.sqrt(2 / iv.pi) * shift + iv.mpf("0.97") * scale)
    return out


def check_start(record, question):
    law = read_law(record["law_of_the_start"])
    defect = exact(record["law_of_the_start"]["defect"])
    if question.start == "gaussian":
        g = law[0]
        require(len(law) == 1 and g.means == [0] and g.weights == [1] and g.sd == 1 and defect >= 0,
                "the start is not N(0, 1)")
    else:
        require(rounding(law, question.target, question.levels[question.steps]) <= interval(defect),
                "the start is not the law of X_T, rounded")
    return law, defect


def taylor(groups, c, r):
    """Of the density on [c - r, c + r]: the terms f^(k)(c) r^k/k! for k <= DEGREE, and a bound of the
    rest by Cramer's inequality, |He_n(z)| e^{-z^2/4} <= 1.0865 sqrt(n!)."""
    terms, rest = [iv.mpf(0)] * (DEGREE + 1), iv.mpf(0)
    at = interval(c)
    n = DEGREE + 1
    root = iv.sqrt(iv.mpf(math.factorial(n)))
    for g in groups:
        ratio = interval(r / g.sd)
        sums = [iv.mpf(0)] * (DEGREE + 1)
        near_sum = iv.mpf(0)
        first, last = g.within(c, c, REACH + 1)
        for j in range(first, last):
            z = (at - g.means_i[j]) / g.sd_i
            e = g.weights_i[j] * exp(-z * z / 2)
            before, now = iv.mpf(0), e  # He_{k+1} = z He_k - k He_{k-1}
            for k in range(DEGREE + 1):
                sums[k] = sums[k] + now
                before, now = now, z * now - k * before
            near = (abs(z) - ratio).a
            near_sum += g.weights_i[j] * exp(-square(larger(near, iv.mpf(0))) / 4)
        # What is farther than REACH + 1 deviations from c is REACH away from all of the panel, as
        # r <= sd.
        far = interval(g.total) * 2.6e-20 * iv.mpf([0, 1])
        factor = g.norm
        for k in range(DEGREE + 1):
            terms[k] = terms[k] + sums[k] * factor
            factor = factor * -ratio / (k + 1)
        rest += (near_sum * g.norm * iv.mpf("1.0865") * ratio**n / root + far * g.norm).b
    return terms, rest


def difference(p, q, c, r):
    (tp, rp), (tq, rq) = taylor(p, c, r), taylor(q, c, r)
    return [a - b for a, b in zip(tp, tq)], rp + rq


def check_sign(p, q, start, stop, sign, widest):
    """That p - q has the sign all over a stretch, by panels."""
    pieces = -(-(stop - start) // (2 * widest))
    r = (stop - start) / pieces / 2
    open_ = [(start + (2 * i + 1) * r, r, 0) for i in range(pieces)]
    while open_:
        c, r, depth = open_.pop()
        terms, rest = difference(p, q, c, r)
        others = sum((magnitude(x) for x in terms[1:]), rest)
        if (sign * terms[0] > others) is True:
            continue
        require((sign * terms[0] < 0) is not True and depth < 40,
                f"the end: p - q has not the sign {sign} all over the stretch, as at {float(c):.9g}")
        open_ += [(c - r / 2, r / 2, depth + 1), (c + r / 2, r / 2, depth + 1)]


def erf(z):
    """(2/sqrt pi) e^{-z^2} sum_n 2^n z^{2n+1}/(2n+1)!!; once 2 z^2/(2n + 3) <= 1/2 the rest is at most
    the last term."""
    term, out, n = z, z, 0
    while not (2 * z * z <= iv.mpf(2 * n + 3) / 2) is True or (abs(term) > iv.mpf(2) ** -iv.prec) is True:
        n += 1
        term = term * 2 * z * z / (2 * n + 1)
        out += term
    return 2 / iv.sqrt(iv.pi) * exp(-z * z) * (out + around(term))


def mass_below(groups, x):
    """The mass below x, enclosed."""
    out = iv.mpf(0)
    for g in groups:
        first, last = g.within(x, x, REACH)
        out += interval(g.running[first]) + around(interval(g.total)) * 1.1e-21  # P(Z > 9.5)
        for j in range(first, last):
            out += g.weights_i[j] * (1 + erf((interval(x) - g.means_i[j]) / (g.sd_i * iv.sqrt(2)))) / 2
    return out


def unsigned_mass(p, q, start, stop, most, widest):
    """Whether int |p - q| <= most on a stretch."""
    pieces = -(-(stop - start) // (2 * widest))
    for _ in range(8):
        r = (stop - start) / pieces / 2
        out = iv.mpf(0)
        for i in range(pieces):
            terms, rest = difference(p, q, start + (2 * i + 1) * r, r)
            out += interval(2 * r) * sum((magnitude(x) for x in terms), rest)
        if (out <= interval(most)) is True:
            return True
        pieces *= 2
    return False


def check_end(record, q, defects, question):
    """P10 and P14 without bounded steps: the interval of the total variation."""
    p = read_law(record["truth"])
    off_p, off_q = exact(record["truth"]["defect"]), exact(record["sum_of_defects"])
    require(rounding(p, question.target, question.levels[question.followed_to]) <= interval(off_p),
            "the end: p is not the law of X, rounded")
    require(defects <= off_q, "the end: the sum of the defects is more than the certificate says")
    stretches = [(exact(a), exact(b), s, exact(m)) for a, b, s, m in record["stretches"]]
    covered = []
    for start, stop, sign, most in stretches:
        require(start < stop and sign in (-1, 0, 1) and most >= 0, "the end: a stretch is none")
        if covered and covered[-1][1] == start:
            covered[-1] = (covered[-1][0], stop)
        else:
            require(not covered or covered[-1][1] < start, "the end: two stretches overlap")
            covered.append((start, stop))
    claimed = [exact(x) for x in record["total_variation"]]
    bounded = record["bounded_steps"] is not None
    widest = min(g.sd for g in p + q) / 2
    known, unknown = iv.mpf(0), outside(p, covered) + outside(q, covered)
    for start, stop, sign, most in stretches:
        if sign == 0:
            require(unsigned_mass(p, q, start, stop, most, widest),
                    f"the end: on [{float(start):.9g}, {float(stop):.9g}] there may be more of |p - q| "
                    f"than {float(most):.3g}")
            unknown += interval(most)
        else:
            check_sign(p, q, start, stop, sign, widest)
            mass = [mass_below(p, x) - mass_below(q, x) for x in (start, stop)]
            known += sign * (mass[1] - mass[0])
    off = interval(off_p + off_q) / 2
    found = (low(known / 2 - off), high((known + unknown) / 2 + off))
    if bounded:
        print(f"the end: the total variation at level {question.followed_to} is in [{float(found[0]):.12g}, "
              f"{float(found[1]):.12g}]; what the steps below it may do, bounded in the certificate by "
              f"{float(exact(record['bounded_steps']['local_errors'])):.3g}, is not checked", flush=True)
        return found
    require(claimed[0] <= found[0] and found[1] <= claimed[1],
            f"the end: the total variation is found to be in [{float(found[0]):.17g}, {float(found[1]):.17g}], "
            f"which does not lie in the interval of the certificate, [{float(claimed[0]):.17g}, "
            f"{float(claimed[1]):.17g}]")
    print(f"the end: the total variation is in [{float(claimed[0]):.12g}, {float(claimed[1]):.12g}]",
          flush=True)
    return claimed


# ---- the file ------------------------------------------------------------------------------------


class Question:
    """The first line: target, sampler, levels."""

    def __init__(self, record):
        if record.get("format") != FORMAT:
            raise Unknown("is no certificate of a line law")
        if record.get("version") != VERSION:
            raise Unknown(f"has the format's version {record.get('version')}, and this program knows {VERSION}")
        if record["sampler"] not in SAMPLERS:
            raise Unknown(f"is of the sampler {record['sampler']}, and this program knows the formulas of "
                          + " and ".join(SAMPLERS) + " alone")
        self.command = record["command"]
        self.kind = SAMPLERS[record["sampler"]]
        self.target = [tuple(Fraction(c[k]) for k in ("weight", "mean", "variance"))
                       for c in record["target"]]
        self.steps, self.start = record["steps"], record["start"]
        self.followed_to = record["followed_to"]
        require(sum(w for w, _, _ in self.target) == 1 and all(w > 0 and v > 0 for w, _, v in self.target),
                "the target is no mixture")
        require(self.start in ("gaussian", "exact") and 1 <= self.followed_to < self.steps,
                "the start or the steps are none")
        self.levels = {}
        iv.prec = 400  # the ends of levels are not to be rounded
        for one in record["levels"]:
            self.levels[one["level"]] = tuple(hull(*map(exact, one[k])) for k in ("abar", "noise"))
        self.check_levels(record["schedule"])
        iv.prec = BITS

    def check_levels(self, schedule):
        require(sorted(self.levels) == list(range(1, self.steps + 1)), "the levels are not 1 to T")
        for t, (abar, noise) in self.levels.items():
            require(abar > 0 and noise > 0 and 1 in abar + noise, f"level {t} is none")
            require(t == 1 or (abar < self.levels[t - 1][0]) is True, f"level {t} has not less signal than "
                    f"level {t - 1}")
        found = re.fullmatch(r"logit:from=([^,]+),to=([^,]+)", schedule)
        self.schedule_known = found is not None
        if found:
            begin, end = (Fraction(x) for x in found.groups())
            # At more bits than the certificate has: its enclosures are to hold the true levels.
            for t, (abar, noise) in self.levels.items():
                odds = iv.exp(interval(begin + (end - begin) * Fraction(self.steps - t, self.steps - 1)))
                require(odds / (1 + odds) in abar and 1 / (1 + odds) in noise,
                        f"level {t} is not that of the schedule {schedule}")

    def sampler(self, t):
        return self.kind(self.target, self.levels[t], self.levels[t - 1])


def law_of(record):
    if "law_of_the_start" in record:
        return read_law(record["law_of_the_start"])
    return [Group(record["sd"], record["means"], record["weights"])]


def parsed(number, line):
    """A line of the file."""
    try:
        return json.loads(line)
    except json.JSONDecodeError as why:
        raise Unknown(f"line {number} is no JSON ({why.msg}); is the file whole?") from why


def check(path, steps, end):
    """Goes through the file, a line at a time; with steps or end, looks at these alone."""
    whole = not steps and not end
    wanted = set(steps)
    with open(path, encoding="utf-8") as file:
        lines = iter(file)
        question = Question(parsed(1, next(lines, "null")) or {})
        print(f"of: {question.command}", flush=True)
        if not question.schedule_known:
            print("the levels are taken as the certificate gives them", flush=True)
        for t in steps:
            require(question.followed_to < t <= question.steps, f"there is no step t = {t}")
        expected = question.steps
        law, sum_of_defects, ended = None, Fraction(0), False
        for number, line in enumerate(lines, 2):
            require(not ended, "something comes after the end")
            record = parsed(number, line)
            if "law_of_the_start" in record:
                require(law is None, "there are two starts")
                law, sum_of_defects = check_start(record, question)
            elif "step" in record:
                t = record["step"]
                require(law is not None and t == expected, f"step t = {expected} is missing")
                expected -= 1
                if whole or t in wanted:
                    law = check_step(record, law, question)
                elif t - 1 in wanted or end and t == question.followed_to + 1:
                    law = law_of(record)
                sum_of_defects += exact(record["defect"])
            elif "end" in record:
                require(expected == question.followed_to and law is not None,
                        f"step t = {expected} is missing")
                ended = True
                if whole or end:
                    check_end(record, law, sum_of_defects, question)
            else:
                raise Unknown("has a line that is none of a certificate")
        require(ended, "the certificate has no end")
    if whole:
        print("all of it holds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--step", type=int, action="append", default=[], help="this step alone")
    parser.add_argument("--end", action="store_true", help="the end alone")
    arguments = parser.parse_args()
    try:
        check(arguments.file, arguments.step, arguments.end)
    except Rejected as why:
        print(f"check_certificate: {arguments.file}: rejected: {why}", file=sys.stderr)
        return 1
    except KeyError as why:
        print(f"check_certificate: {arguments.file}: a record lacks {why}", file=sys.stderr)
        return 2
    except (Unknown, OSError, TypeError, ValueError) as why:
        print(f"check_certificate: {arguments.file}: {why}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
