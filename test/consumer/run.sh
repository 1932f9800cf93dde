#!/usr/bin/env bash
# Installs the build into an empty prefix and builds the consumer against it, outside the tree:
#   run.sh BUILD_DIRECTORY GENERATOR CXX_COMPILER [CXX_FLAGS]
set -euo pipefail
build=$1 generator=$2 compiler=$3 flags=${4:-}
here=$(dirname "$(realpath "$0")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/install.log"
cp -R "$here" "$scratch/source"
cmake -S "$scratch/source" -B "$scratch/build" -G "$generator" -Wno-dev \
  -D CMAKE_CXX_COMPILER="$compiler" -D CMAKE_CXX_FLAGS="$flags" -D CMAKE_BUILD_TYPE=Release \
  -D CMAKE_PREFIX_PATH="$scratch/prefix"
cmake --build "$scratch/build"
"$scratch/build/consumer" | tee "$scratch/output"
diff -u --label wanted --label got "$here/output.txt" "$scratch/output"

# The headers must not reach back into the checkout, nor the program be missing.
if grep -rlF "$(realpath "$here/../..")" "$scratch/prefix" --include='*.cmake' --include='*.hpp'; then
  echo "installed files name the source tree"
  exit 1
fi
if [[ -x $build/bin/lemmabench ]]; then
  "$scratch/prefix/bin/lemmabench" --help >/dev/null
  # A sampler's header is compiled against the installed headers.
  XDG_CACHE_HOME=$scratch/cache "$scratch/prefix/bin/lemmabench" law --target gauss-flat --steps 100 \
    --sampler "$here/../../examples/own_header/midpoint.hpp" >/dev/null
fi
