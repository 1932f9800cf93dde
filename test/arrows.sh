#!/usr/bin/env bash
# Which folder may include which: fails on an include against an arrow, and on a folder that stands
# in no list. docs/architecture.md draws the same picture.
#
# Folders are listed lowest first; each may include itself and what stands before it.
set -euo pipefail
cd "$1"

floors=(
  numerics
  theory/targets theory/process theory/gaussian theory/radial theory/mixture theory/product
  theory/initialisation theory/bounds theory/claims
  cases
  harness/io harness/records
  harness/engines/common harness/engines/gaussian harness/engines/line harness/engines/line_proved harness/engines/radial
  harness/engines/product harness/engines/plane harness/engines/scheme
  harness/monte_carlo/certificate harness/monte_carlo/goodness_of_fit harness/monte_carlo/particles
  harness/monte_carlo/judge
  harness/plugin harness/law
  harness/studies/claims harness/studies/audit harness/studies/sweep harness/studies/rates harness/studies/complexity
  harness/studies/heavy_tails harness/studies/losses harness/studies/worst_case harness/studies/regression
  harness/studies/mutation harness/studies/selftest harness/studies/report_suite
  reports/text reports/json reports/junit reports/markdown reports/figures reports/page
  app
)

status=0
# file:line:include "path" -> every include of ours that points up, or to or from an unknown folder
grep -rnE --include='*.[ch]pp' '^ *# *include *"(numerics|theory|cases|harness|reports|app|capi)/' \
  numerics theory cases harness reports app |
  grep -vE '^[a-z]+/test/' |
  awk -v floors="${floors[*]}" '
    BEGIN { n = split(floors, floor, " ") }
    function floor_of(path,    i) {
      for (i = 1; i <= n; ++i) if (index(path, floor[i] "/") == 1) return i
      return 0
    }
    {
      split($0, place, ":"); from = place[1]
      to = $0; sub(/^[^"]*"/, "", to); sub(/".*/, "", to)
      if (to ~ /\/test\//) { print $0 "\n^ only tests may include what is in a test folder"; bad = 1; next }
      f = floor_of(from); t = floor_of(to)
      if (f == 0 || t == 0) {
        print $0 "\n^ " (f == 0 ? from : to) " lies in no folder that test/arrows.sh lists"; bad = 1
      } else if (t > f) {
        print $0 "\n^ " floor[f] " must not include " floor[t]; bad = 1
      }
    }
    END { exit bad }' || status=1


# The C library stands on cases, and nothing stands on it.
if grep -rnE --include='*.[ch]*' '^ *# *include *"(harness|reports|app)/' capi; then
  echo "^ capi may include cases and what is below"
  status=1
fi
# The Python module stands beside app: on all but it, and nothing stands on it.
if grep -rnE --include='*.[ch]pp' '^ *# *include *"(app|capi)/' python ||
  grep -rnE --include='*.[ch]pp' '^ *# *include *"python/' numerics theory cases harness reports app capi; then
  echo "^ python may include all rooms but app and capi, and none of them may include it"
  status=1
fi
# An include that does not start at the root escapes the check.
if grep -rnE --include='*.[ch]pp' '^ *# *include *"\.' numerics theory cases harness reports app python; then
  echo "^ include paths start at the root"
  status=1
fi
# Libraries of others that only one room may know.
if grep -rnE --include='*.[ch]pp' '^ *# *include *<CLI/' numerics theory cases harness reports python; then
  echo "^ the command line's parser is known to app alone"
  status=1
fi
exit "$status"
