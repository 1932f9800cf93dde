#!/usr/bin/env bash
# The negative control of `accuracy.sh rule`: one doctest::Approx in a tree must be found.
set -euo pipefail
script=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/accuracy.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree"/{numerics,theory,cases,harness,reports,app,capi,fuzz,test}
"$script" rule "$tree"
echo 'CHECK(x == doctest::Approx(1));' >"$tree/cases/a.cpp"
if "$script" rule "$tree"; then
  echo "a doctest::Approx was not noticed"
  exit 1
fi
