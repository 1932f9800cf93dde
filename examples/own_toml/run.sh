#!/usr/bin/env bash
# run.sh LEMMABENCH: every file here gives the numbers of the compiled sampler of its name.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"

# The distances of a law on the line, in the digits that rounding leaves alone.
distances() {
  "$program" law --target mixture-three --sampler "$1" --steps 60 --schedule li-cai:c0=1,c1=5 |
    sed -nE 's/^  (total variation|Hellinger) +([0-9.e-]+) .*/\1 \2/p' |
    awk '{printf "%s %.6g\n", $0 ~ /total/ ? "tv" : "hellinger", $NF}'
}

for file in *.toml; do
  name=${file%.toml}
  diff <(distances "$name") <(distances "$file") || {
    echo "$file and $name differ"
    exit 1
  }
  echo "$file is $name"
done
