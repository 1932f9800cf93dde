#!/usr/bin/env bash
# Builds a project that has the source tree as a subdirectory:
#   run.sh SOURCE_DIRECTORY GENERATOR CXX_COMPILER [CXX_FLAGS]
set -euo pipefail
tree=$1 generator=$2 compiler=$3 flags=${4:-}
here=$(dirname "$(realpath "$0")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cp -R "$here" "$scratch/source"
cmake -S "$scratch/source" -B "$scratch/build" -G "$generator" -Wno-dev \
  -D LEMMABENCH_TREE="$tree" -D CMAKE_CXX_COMPILER="$compiler" -D CMAKE_CXX_FLAGS="$flags" \
  -D CMAKE_BUILD_TYPE=Debug
cmake --build "$scratch/build" --target consumer
"$(find "$scratch/build" -name consumer -type f -perm -u+x)"
