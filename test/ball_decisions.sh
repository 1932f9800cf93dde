#!/usr/bin/env bash
# Where a proof could be decided at a ball's midpoint, in double, or by what balls look like: every
# file says how many lines of that kind it has, and why each of them cannot matter, in
# test/ball_decisions.txt. A new line of the kind fails here until someone has thought about it.
#   test/ball_decisions.sh ROOT           compares
#   test/ball_decisions.sh ROOT --print   prints the table as it is now, reasons kept
set -euo pipefail
cd "$1"

# Conversions of a ball, and comparisons of balls beside Ball's own three-valued ones.
kinds='to_double\(|(\.|->)midpoint\(\)|arb_midref|arb_radref|arf_get_d|arb_get_mid|arb_equal|\barb_(eq|ne|lt|le|gt|ge)\('
kinds+='|\barf_(cmp|equal)|std::(min|max)<Ball>'
table=test/ball_decisions.txt
# Everything that proofs are made of, in code (not in comments or tests).
files() {
  find numerics theory cases harness/studies/claims harness/engines -name '*.[ch]pp' \
    -not -path '*/test/*' | LC_ALL=C sort |
    grep -vE '^harness/engines/(plane|radial|product)/|^harness/engines/line/line_|^harness/engines/common/(cloud|local)|^cases/(targets|vector_law)'
}
code() { sed -E 's|//.*||' "$1"; }
count() { code "$1" | grep -cE "$kinds" || true; }
reason() { sed -nE "s|^[0-9]+ +$1 +(.*)|\1|p" "$table"; }

status=0
seen=0
while IFS= read -r file; do
  found=$(count "$file")
  known=$(sed -nE "s|^([0-9]+) +$file .*|\1|p" "$table")
  if [ "${2-}" = --print ]; then
    [ "$found" = 0 ] || printf '%-3d %s  %s\n' "$found" "$file" "$(reason "$file")"
  elif [ "$found" != "${known:-0}" ]; then
    echo "$file: $found lines where a ball is converted or compared, $table has ${known:-none}"
    code "$file" | grep -nE "$kinds" || true
    status=1
  fi
  seen=$((seen + found))
done < <(files)
if [ "${2-}" != --print ] && [ "$seen" -lt 50 ]; then
  echo "only $seen such lines: the check does not see the sources"
  status=1
fi
if [ "$status" != 0 ]; then
  echo "^ decide with Truth, larger() or smaller(); if it cannot matter, say why there and in $table"
fi
exit "$status"
