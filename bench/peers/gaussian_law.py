"""The Gaussian law of li-cai in mpmath: what a careful user would write without lemmabench.

Arguments: eigenvalues steps digits. Prints one line "seconds kl", kl = KL(law of X_1 || law of Y_1)
for the spectrum k/20, k = 1..eigenvalues, schedule li-cai:c0=2,c1=9, start N(0, I).
"""

import sys
import time

from mpmath import log, mp, mpf, sqrt


def kl_of_li_cai(eigenvalues, steps):
    spectrum = [mpf(k) / 20 for k in range(1, eigenvalues + 1)]
    scale = 9 * log(mpf(steps)) / steps
    abar = mpf(steps) ** -2
    noise = 1 - abar
    v = [mpf(1)] * eigenvalues
    w = [abar * lam + noise for lam in spectrum]
    for _ in range(steps - 1):
        growth = 1 + scale * noise
        abar_next, noise_next = abar * growth, noise * (1 - scale * abar)
        alpha = 1 / growth
        b = scale * noise * alpha
        half, root = b / 2, sqrt(alpha)
        for i, lam in enumerate(spectrum):
            w_next = abar_next * lam + noise_next
            middle = (1 - half / w[i]) / root
            slope = (1 - b * middle / (w_next * root)) / root
            v[i] = slope * slope * v[i] + b / alpha
            w[i] = w_next
        abar, noise = abar_next, noise_next
    return sum((w[i] / v[i] - 1 + log(v[i] / w[i])) / 2 for i in range(eigenvalues))


def main():
    eigenvalues, steps, mp.dps = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    start = time.perf_counter()
    kl = kl_of_li_cai(eigenvalues, steps)
    print(time.perf_counter() - start, mp.nstr(kl, 20))


main()
