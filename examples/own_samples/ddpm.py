"""A DDPM sampler in numpy on lemmabench's exact scores; writes its samples for `lemmabench judge`.

    Y_{t-1} = (Y_t + b_t s_t(Y_t) + sqrt(b_t) Z)/sqrt(alpha_t),   Y_T ~ N(0, I)
"""

import argparse

import numpy as np

from lemmabench import Law

BUGS = {
    "none": "",
    "half-coefficient": "b_t/2 before the score, as if the step were ddim's",
    "no-noise": "the noise is forgotten",
    "variance-for-deviation": "b_t before the noise in place of its root",
}


def ddpm(law, n, rng, bug):
    y = rng.standard_normal((n, law.dim))
    for t in range(law.steps, 1, -1):
        alpha, b = law.step(t)
        coefficient = b / 2 if bug == "half-coefficient" else b
        noise = {"no-noise": 0, "variance-for-deviation": b}.get(bug, np.sqrt(b))
        z = rng.standard_normal(y.shape)
        y = (y + coefficient * law.score(t, y) + noise * z) / np.sqrt(alpha)
    return y


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", help="the .npy file to write")
    parser.add_argument("--target", default="mixture-three")
    parser.add_argument("--schedule", default="li-cai:c0=1,c1=5")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bug", choices=BUGS, default="none")
    args = parser.parse_args()
    law = Law(args.target, args.schedule, args.steps)
    np.save(args.output, ddpm(law, args.samples, np.random.default_rng(args.seed), args.bug))


if __name__ == "__main__":
    main()
