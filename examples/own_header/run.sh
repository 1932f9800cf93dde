#!/usr/bin/env bash
# run.sh LEMMABENCH: compiles midpoint.hpp, runs it on a Gaussian, on the line and on the radius, and
# finds it compiled the second time; then third_order.hpp, which is dpmpp-3m.toml of ../own_toml.
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

# Memory of two vectors, as the file of the same formulas has it; clamped on a product.
own() {
  "$program" law --target "$1" --sampler "$2" --steps 20 --schedule karras:sigma_min=0.1,sigma_max=10 |
    sed -nE 's/^  total variation +([0-9.e-]+) .*/\1/p' | awk '{printf "%.6g\n", $1}'
}
for target in gauss-flat mixture-three product:weights=1,means=0.5,variances=0.3,copies=4; do
  header=$(own "$target" ./third_order.hpp)
  file=$(own "$target" ../own_toml/dpmpp-3m.toml)
  if [[ -z $header || $header != "$file" ]]; then
    echo "third_order.hpp on $target: TV $header, but dpmpp-3m.toml has $file"
    exit 1
  fi
  echo "third_order.hpp on $target: TV $header, as dpmpp-3m.toml"
done
product="product:weights=1/2;1/2,means=-0.5/0.5,variances=0.2/0.2,copies=4,spectrum=0.3"
clamped=$(own "$product" ./third_order.hpp:clamp=1)
if [[ -z $clamped || $clamped == "$(own "$product" ./third_order.hpp)" ]]; then
  echo "third_order.hpp:clamp=1 on a product: TV '$clamped'"
  exit 1
fi
echo "third_order.hpp:clamp=1 on a product: TV $clamped"
