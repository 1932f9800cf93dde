#!/usr/bin/env bash
# run.sh LEMMABENCH: compiles midpoint.hpp, runs it on a Gaussian, on the line and on the radius, and
# finds it compiled the second time.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
export XDG_CACHE_HOME=$cache

# With the weight 1 it is li-cai, with the weight 0 ddpm: the same balls, the same numbers.
distances() {
  "$program" law --target "$1" --sampler "$2" --steps 60 --schedule li-cai:c0=1,c1=5 |
    sed -nE 's/^  total variation +([0-9.e-]+) .*/\1/p' | awk '{printf "%.6g\n", $1}'
}
for target in gauss-flat mixture-three student-t:dim=5,nu=4; do
  for pair in ./midpoint.hpp=li-cai ./midpoint.hpp:weight=0=ddpm; do
    own=$(distances "$target" "${pair%=*}")
    compiled=$(distances "$target" "${pair##*=}")
    if [[ -z $own || $own != "$compiled" ]]; then
      echo "${pair%=*} on $target: TV $own, but ${pair##*=} has $compiled"
      exit 1
    fi
    echo "${pair%=*} on $target: TV $own, as ${pair##*=}"
  done
done
[[ $(find "$cache" -name '*.so' | wc -l) == 1 ]] || {
  echo "compiled more than once"
  exit 1
}
