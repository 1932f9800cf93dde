#!/usr/bin/env bash
# A certificate of a small proved law is checked by tools/check_certificate.py from end to end, and
# every error that is planted in it is seen: test/certificate/run.sh LEMMABENCH whole|planted
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# Debian's python3, which is where its python3-mpmath goes.
python=/usr/bin/python3
if ! "$python" -c 'import mpmath' 2>/dev/null; then
  echo "skipped: no python3-mpmath"
  exit 77
fi
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"$1" law --target mixture-three --sampler li-cai --steps 10 --schedule logit:from=-3,to=2 \
  --arithmetic ball --width 1e-6 --certificate "$scratch/ten.jsonl" >"$scratch/out.txt"
grep -q 'total variation .* proved' "$scratch/out.txt"
case "$2" in
  whole)
    "$python" "$here/../../tools/check_certificate.py" "$scratch/ten.jsonl"
    # The other sampler that the checker knows, the other start, and a gap between two modes.
    "$1" law --target mixture:weights=0.5/0.5,means=-3/3,variances=0.04/0.09 --sampler ddpm \
      --steps 6 --start exact --schedule logit:from=-2,to=0.5 --arithmetic ball --width 1e-5 \
      --certificate "$scratch/ddpm.jsonl" >/dev/null
    "$python" "$here/../../tools/check_certificate.py" "$scratch/ddpm.jsonl"
    ;;
  planted) "$python" "$here/planted.py" "$here/../../tools/check_certificate.py" "$scratch/ten.jsonl" ;;
esac
