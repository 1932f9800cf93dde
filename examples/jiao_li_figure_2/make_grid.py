#!/usr/bin/env python3
"""Prints the sweep grid of JL's Figure 2: N(0, diag) in R^d, the first k variances U[0, 10], the rest 0.

The variances are random.Random(2410).uniform(0, 10), rounded to three decimals, one sequence for all
three targets. A variance of exactly 0 is not a target here: 1e-60 stands for it, far below 1-abar_1
(1e-30 and more), so that nothing changes in the first 30 digits.
"""

import random

STEPS = "[100, 200, 400, 800, 1600]"
DRAWS = 64

source = random.Random(2410)
variances = [f"{source.uniform(0, 10):.3f}" for _ in range(100)]


def target(d, k):
    blocks = variances[:k] + ([f"1e-60x{d - k}"] if d > k else [])
    return f'"gaussian:spectrum={"+".join(blocks)}"'


print(f"""# JL Figure 2, written by make_grid.py (docs/samplers.md): KL against T, K = 10 rounds.
#   lemmabench sweep grid.toml --store figure_2.sqlite
#   python3 slope.py figure_2.sqlite
targets = [""")
for d, k in [(10, 10), (100, 10), (500, 100)]:
    print(f"  {target(d, k)},")
print(f"""]
samplers = ["jiao-li:rounds=10,draws={DRAWS}"]
steps = {STEPS}
schedules = ["li-cai:c0=2,c1=9"]
starts = ["exact"]
arithmetics = ["double"]""")
