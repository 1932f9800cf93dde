#!/usr/bin/env bash
# installed.sh BUILD PYTHON LIBRARY_DIR: installs the package of a build directory below an empty
# prefix and uses it from there alone, as docs/python.md says.
set -euo pipefail

build=$1 python=$2 directory=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/prefix" --component lemmabench_python >"$scratch/log" || {
  cat "$scratch/log" >&2
  exit 1
}
cd "$scratch"
PYTHONPATH="$scratch/prefix/$directory" PYTHONDONTWRITEBYTECODE=1 "$python" - "$scratch/prefix" <<'PYTHON'
import os, sys
import numpy as np
import lemmabench

prefix = os.path.realpath(sys.argv[1])
home = os.path.realpath(lemmabench.__file__)
assert home.startswith(prefix), f"imported from {home}, not from {prefix}"
for name in lemmabench.__all__:
    getattr(lemmabench, name)
from lemmabench import _core

assert os.path.realpath(_core.__file__).startswith(prefix), _core.__file__
links = [f for f in os.listdir(os.path.dirname(home)) if os.path.islink(os.path.join(os.path.dirname(home), f))]
assert not links, f"links into the source tree: {links}"
assert os.path.exists(os.path.join(os.path.dirname(home), "py.typed"))


def euler(model, x, sigmas):
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        x = x + (t - s) * (x - model(x, s)) / s
    return x


scheme = lemmabench.kdiffusion(euler, np.geomspace(20, 0.05, 33))
law = scheme.law("mixture-three", start="exact")
assert law.tv.evidence == "computed" and abs(law.tv.value - 0.0327731506111) < 1e-12, law.tv
assert lemmabench.law("gauss-flat", "ddpm", steps=100).tv.evidence == "proved"
print("installed package: imported from its prefix, a scheme traced, its law computed")
PYTHON
