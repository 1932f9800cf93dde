#!/usr/bin/env bash
# run.sh LEMMABENCH LIBRARY [SANITIZERS COMPILER]: samples by numpy on the C library's scores are
# accepted, those of each bug rejected. The last two are how the library was built.
set -euo pipefail
program=$(realpath "$1")
export LEMMABENCH_LIBRARY
LEMMABENCH_LIBRARY=$(realpath "$2")
# AddressSanitizer must be loaded before an interpreter that was built without it.
preload=
if [[ ${3:-} == *address* ]]; then
  preload="$("$4" -print-file-name=libasan.so) $("$4" -print-file-name=libstdc++.so)"
fi
cd "$(dirname "${BASH_SOURCE[0]}")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Debian's python3-numpy belongs to /usr/bin/python3, whatever python3 is first in PATH.
python=
for candidate in /usr/bin/python3 python3; do
  if "$candidate" -c 'import numpy' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[[ $python ]] || {
  echo "no python3 that can import numpy; as root: apt-get install python3-numpy"
  exit 1
}

schedule=li-cai:c0=1,c1=5
steps=1000
sample() {
  LD_PRELOAD="$preload" ASAN_OPTIONS=detect_leaks=0 PYTHONDONTWRITEBYTECODE=1 \
    "$python" ddpm.py "$scratch/$1.npy" --schedule "$schedule" --steps "$steps" --bug "$1"
}
judge() {
  "$program" judge "$scratch/$1.npy" --target mixture-three --schedule "$schedule" --steps "$steps"
}

for bug in none half-coefficient no-noise variance-for-deviation; do
  sample "$bug"
  status=0
  judge "$bug" >"$scratch/$bug.txt" || status=$?
  wanted=1
  [[ $bug == none ]] && wanted=0
  if ((status != wanted)); then
    echo "bug $bug: exit code $status, wanted $wanted"
    cat "$scratch/$bug.txt"
    exit 1
  fi
  echo "bug $bug: $(sed -n 4p "$scratch/$bug.txt")"
done

# What the law is given is refused in words, as an exception.
LD_PRELOAD="$preload" ASAN_OPTIONS=detect_leaks=0 PYTHONDONTWRITEBYTECODE=1 "$python" - <<'PYTHON'
from lemmabench import Law

def refused(words, call):
    try:
        call()
    except ValueError as error:
        assert words in str(error), error
    else:
        raise SystemExit(f"not refused: {words}")

refused("unknown target", lambda: Law("mixture-thre"))
refused("must be from 1 to 100", lambda: Law("mixture-three", steps=100).score(101, [[0.0]]))
refused("must be (n, 1)", lambda: Law("mixture-three", steps=100).score(1, [0.0]))
PYTHON
