#!/usr/bin/env bash
# exports.sh LIBRARY HEADER: the library exports the functions of the header and nothing else.
set -euo pipefail
diff <(grep -oE '\blemmabench_[a-z_]+\(' "$2" | tr -d '(' | sort -u) \
  <(nm -D --defined-only "$1" | awk '{print $3}' | sort -u)
