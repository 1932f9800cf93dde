#!/usr/bin/env bash
# accuracy.sh check|write|rule SOURCE [BUILD]: docs/accuracy.md, the table of every CHECK_CLOSE.
#   write  runs the tests that have one and writes the table
#   check  runs them and fails if the table has another test, bound or reason, or if an observed
#          deviation is above its bound; the observed ones differ between machines and may
#   rule   fails where a test uses doctest::Approx, which passes anything tiny
set -euo pipefail
mode=$1
source=$(realpath "$2")
cd "$source"

if [[ $mode == rule ]]; then
  # A comment may name it; a use calls it.
  if grep -rnE --include='*.[ch]pp' 'Approx *\(' numerics theory cases harness reports app capi fuzz test; then
    echo "^ doctest::Approx adds 1 to the scale: use CHECK_CLOSE (test/support/accuracy.hpp)"
    exit 1
  fi
  exit 0
fi

build=$(realpath "$3")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for room in numerics theory cases harness reports; do
  for speed in "" _slow; do
    filter=""
    while read -r file; do
      [[ $file == *_slow_test.cpp ]] && of=_slow || of=""
      [[ $of == "$speed" ]] && filter+="${filter:+,}*/$file"
    done < <(grep -rl --include='*_test.cpp' 'CHECK_CLOSE' "$room/test" | sort)
    [[ $filter ]] || continue
    LEMMABENCH_ACCURACY=$scratch/rows "$build/bin/$room${speed}_test" --source-file="$filter" \
      >"$scratch/log" || {
      cat "$scratch/log"
      exit 1
    }
  done
done

# One line a test, bound and reason: the largest deviation, rounded up to one digit.
table() {
  cat <<'TEXT'
# Accuracy, test by test

Every CHECK_CLOSE of the unit tests states a bound and where the bound comes from (`CHECK_CLOSE`, [test/support/accuracy.hpp](../test/support/accuracy.hpp)). This is the list, with the largest deviation observed, rounded up to one digit. `./run accuracy` writes it; a test fails if it lists another test, bound or reason than the sources do. A relative bound is relative to the expected value. Observed deviations may differ between machines; a bound may not.

| file | test | bound | observed | reason |
|---|---|---|---|---|
TEXT
  # Not by the deviation, which differs between machines.
  LC_ALL=C sort -t $'\t' -k1,4 -k6,6 "$scratch/rows" | awk -F'\t' '
    # x rounded up to one significant digit
    function up(x,   e, m) {
      if (x == 0) return "0"
      e = int(log(x) / log(10)); if (x < 10 ^ e) --e
      m = int(x / 10 ^ e); if (m < x / 10 ^ e) ++m
      if (m == 10) { m = 1; ++e }
      return m "e" e
    }
    {
      this = $1 FS $2 FS $3 FS $4 FS $6
      if (!(this in most)) order[++n] = this
      if (!(this in most) || $5 + 0 > most[this]) most[this] = $5 + 0
    }
    END {
      for (i = 1; i <= n; ++i) {
        if (order[i] in done) continue
        done[order[i]] = 1
        split(order[i], part, FS)
        gsub(/\|/, "\\|", part[2])
        printf "| %s | %s | %s %s | %s | %s |\n", part[1], part[2], part[3], part[4], up(most[order[i]]), part[5]
      }
    }'
}
table >"$scratch/accuracy.md"

if [[ $mode == write ]]; then
  cp "$scratch/accuracy.md" docs/accuracy.md
  exit 0
fi
without_observed() { awk -F'|' -v OFS='|' '/^\|/ { $5 = "" } { print }' "$1"; }
diff -u <(without_observed docs/accuracy.md) <(without_observed "$scratch/accuracy.md") || {
  echo "docs/accuracy.md is not what the tests say; ./run accuracy writes it"
  exit 1
}
# The written deviations keep their bounds too (those of this run did, or a test had failed).
awk -F'|' '/^\| [a-z]/ && $2 !~ /^ file/ { split($4, bound, " "); if ($5 + 0 > bound[1] * 1.0) { print "above its bound: " $0; bad = 1 } } END { exit bad }' docs/accuracy.md
