#!/usr/bin/env bash
# The negative control of citations.py: a small tree with right and wrong citations of every kind.
# What must be said of it stands in test/citations/expected, to the line.
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

if python3 "$here/citations.py" "$here/citations/bad" >"$tree/said"; then
  echo "a tree with wrong citations passed"
  exit 1
fi
diff "$here/citations/expected" "$tree/said"

# A tree in which nothing is cited is no pass either.
mkdir "$tree/docs"
touch "$tree"/docs/{theory,references,claims}.md
if python3 "$here/citations.py" "$tree" --at-least 1; then
  echo "a tree without a citation passed"
  exit 1
fi
