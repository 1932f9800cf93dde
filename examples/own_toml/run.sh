#!/usr/bin/env bash
# run.sh LEMMABENCH: every file here gives the numbers of the compiled sampler of its name, or of
# what is named below.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"

# The distances of a law on the line, in the digits that rounding leaves alone.
distances() {
  "$program" law --target mixture-three --sampler "$@" |
    sed -nE 's/^  (total variation|Hellinger) +([0-9.e-]+) .*/\1 \2/p' |
    awk '{printf "%s %.6g\n", $0 ~ /total/ ? "tv" : "hellinger", $NF}'
}

# same FILE OTHER OPTION...: the file and the other sampler have one law.
same() {
  local file=$1 other=$2
  shift 2
  diff <(distances "$other" "$@") <(distances "$file" "$@") || {
    echo "$file and $other differ"
    exit 1
  }
  echo "$file is $other"
}

for file in ddim ddpm dpm-solver-2 dpmpp-2m li-cai li-cai-momentum li-huang-ode li-huang-sde; do
  same $file.toml $file --steps 60 --schedule li-cai:c0=1,c1=5
done
same dpmpp-2m-sde.toml dpmpp-2m-sde --steps 16 --schedule karras:sigma_min=0.1,sigma_max=10
# Down to a level without noise; the data prediction of this target leaves [-1, 1], not [-9, 9].
same heun-to-zero.toml edm-heun --steps 20 --schedule flow:from=0.99,to=0
clamped=$(distances clamped-ddim.toml --steps 20 --schedule karras:sigma_min=0.2,sigma_max=10)
[[ $clamped != "$(distances ddim-coefficient --steps 20 --schedule karras:sigma_min=0.2,sigma_max=10)" ]]
wide=$(mktemp --suffix .toml)
trap 'rm -f "$wide"' EXIT
sed 's/^clamp = 1$/clamp = 9/' clamped-ddim.toml >"$wide"
same "$wide" ddim-coefficient --steps 20 --schedule karras:sigma_min=0.2,sigma_max=10

# What was traced from the code of k-diffusion, on its levels.
scheme=k-diffusion_dpmpp_3m_sde_eta0_16.json
levels=../../cases/catalogue/schemes/$scheme
diff <(distances $scheme --start exact) \
  <(distances dpmpp-3m.toml --schedule levels:file=$levels --start exact) || {
  echo "dpmpp-3m.toml and $scheme differ"
  exit 1
}
echo "dpmpp-3m.toml is $scheme"
