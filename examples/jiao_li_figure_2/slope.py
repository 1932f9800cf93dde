#!/usr/bin/env python3
"""Slopes of JL's Figure 2: python3 slope.py figure_2.sqlite

For every target, the least-squares slope of log KL(p||q) against log(log^4 T/T^3), which is 1 if KL
falls as JL's theory says, and its standard error from the intervals of the points (99 %: 2.576
standard errors each). Weights are equal: with a slope near 1 the relative errors are too.
"""

import json
import math
import sqlite3
import sys
from collections import defaultdict

series = defaultdict(list)
query = "SELECT target, sampler, steps, result FROM cells WHERE status = 'done' ORDER BY steps"
for target, sampler, steps, result in sqlite3.connect(sys.argv[1]).execute(query):
    kl = json.loads(result)["kl_pq"]
    series[target, sampler].append((steps, float(kl["value"]), float(kl["error"])))

for (target, sampler), points in series.items():
    x = [math.log(math.log(t) ** 4 / t**3) for t, _, _ in points]
    y = [math.log(value) for _, value, _ in points]
    mean = sum(x) / len(x)
    spread = sum((a - mean) ** 2 for a in x)
    slope = sum((a - mean) * b for a, b in zip(x, y)) / spread
    noise = [error / value / 2.576 for _, value, error in points]
    error = math.sqrt(sum(((a - mean) * s) ** 2 for a, s in zip(x, noise))) / spread
    print(f"{target[:60]}, {sampler}: slope {slope:.3f} +- {error:.3f}")
    for t, value, half in points:
        print(f"    T = {t:5d}   KL = {value:.4g} +- {half:.2g}")
