#!/usr/bin/env bash
# bad_samplers.sh PROGRAM [SANITIZERS]: every planted bad sampler ends as a clear failure of its own
# cell, with the right exit code and one line, and the rest of a sweep goes on.
set -euo pipefail
program=$1
sanitizers=${2:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
cd "$here"
failures=0

# expect CODE PATTERN SAMPLER [OPTION...]: one line on stderr that matches.
expect() {
  local code=$1 pattern=$2 sampler=$3 got=0
  shift 3
  "$program" law --target mixture-three --sampler "$sampler" --steps 60 \
    --schedule li-cai:c0=1,c1=5 --time-limit "${limit:-3}" "$@" >"$work/out" 2>"$work/err" || got=$?
  if [[ $got != "$code" ]] || { [[ $code != 0 ]] &&
    { ! grep -qE "$pattern" "$work/err" || [[ $(wc -l <"$work/err") != 1 ]]; }; }; then
    echo "FAILED: $sampler: exit code $got, wanted $code with '$pattern'; it said:"
    cat "$work/err"
    failures=$((failures + 1))
  fi
}

limit=60 expect 0 '' bad.hpp:how=ok
expect 2 'bad.hpp: its constructor throws: no such thing' bad.hpp:how=constructor
expect 2 'needs how=' bad.hpp
expect 2 "has no key 'hwo'" bad.hpp:how=ok,hwo=1
expect 2 'the header has changed since' bad.hpp:how=ok,hash=0123456789abcdef
expect 3 'bad.hpp:how=throw: the sampler gave up' bad.hpp:how=throw
expect 2 'broken.hpp:18: .*operator\*.*log is .*\.log' broken.hpp
expect 2 'without_step.hpp: the class must offer: template <class State, class Real> void step' \
  without_step.hpp
expect 2 'bad_samplers.hpp.*No such file' bad_samplers.hpp
expect 3 'no result after 3 s; --time-limit' bad.hpp:how=loop
expect 3 'no result after 3 s; --time-limit' bad.hpp:how=loop --arithmetic certificate:0.5
expect 3 'it printed without end|no result after' bad.hpp:how=print
expect 3 'it crashed|without a result' bad.hpp:how=exit
expect 2 'bad.hpp: asks for the score at level 0; the levels are 1 to [0-9]+, in the step from t = 2' \
  bad.hpp:how=level-low
expect 2 'bad.hpp: asks for the score at level [0-9]+; the levels' bad.hpp:how=level-high
expect 2 'bad.hpp: asks for the score at a level without' bad.hpp:how=level-between
expect 2 'bad.hpp: combines vectors of different walks .*in the step from t = 2' \
  bad.hpp:how=old-vector
expect 2 'bad.hpp: its mean is empty or a vector of another walk' bad.hpp:how=no-vector
expect 2 'bad.hpp: clips to a radius that is negative' bad.hpp:how=clip
expect 2 'takes one intermediate noise a kernel, this sampler has more' bad.hpp:how=two-noises
expect 2 'bad.hpp: clamps to a bound that is negative' bad.hpp:how=clamp
expect 2 'bad.hpp: recalls what no earlier step has remembered \(slot 0\); .*in the step from t = 2 of' \
  bad.hpp:how=recall
expect 2 'bad.hpp: recalls what no earlier step has remembered \(slot 3\); .*in the step from t = 2 of' \
  bad.hpp:how=other-slot
expect 2 'bad.hpp: remembers or recalls in slot 16; a walk has slots 0 to 15, in the step from t = 2 of' \
  bad.hpp:how=no-slot
expect 3 'its noise is not finite in the step from t = 2 of 60' bad.hpp:how=noise-nan
expect 2 "draws\(\) names '.*how=draws', which has draws\(\) itself" bad.hpp:how=draws
expect 3 'throws what is no std::exception, in the step from' bad.hpp:how=throw-int
expect 2 'liar.hpp: says path_kernel = true, but its noise is not sqrt\(b/alpha\) in the step from' \
  liar.hpp
expect 3 'how=nan: .*its mean is not finite in the step from t = 59 of 60' bad.hpp:how=nan
if [[ ! $sanitizers ]]; then
  # A sanitizer has its own words for these, and reserves more memory than any limit.
  expect 3 'it crashed \(Segmentation fault\)' bad.hpp:how=crash
  expect 3 'it crashed \(Segmentation fault\)' bad.hpp:how=recurse
  limit=30 expect 3 'it asked for more than 1 GB of memory' bad.hpp:how=allocate --memory-limit 1
fi

# What a header declares of its path is believed nowhere. The path term is of the noise that is drawn:
# with half of it in one step of 5 dimensions it grows by 5/2 (r - 1 - log r), r = 4/alpha.
path_term() {
  "$program" law --target gauss-flat --sampler "liar.hpp:how=$1" --steps 90 |
    sed -n 's/^  KL along the path  *\([0-9.]*\) .*proved$/\1/p'
}
if ! awk -v honest="$(path_term honest)" -v late="$(path_term late)" \
  'BEGIN { grown = late - honest; exit !(honest > 1 && grown > 4.0342 && grown < 4.0344) }'; then
  echo "FAILED: path terms: $(path_term honest) honest, $(path_term late) late"
  failures=$((failures + 1))
fi
if ! "$program" show liar.hpp:how=honest | tee "$work/out" | grep -q '^  status  *own$' ||
  ! grep -q 'order .*not stated on one Gaussian' "$work/out"; then
  echo "FAILED: show believes liar.hpp:"
  cat "$work/out"
  failures=$((failures + 1))
fi

# No command runs a header's code where a crash of it is a crash of ours.
# expect_of CODE PATTERN ARGUMENT...: one line on stderr that matches.
expect_of() {
  local code=$1 pattern=$2 got=0
  shift 2
  "$program" "$@" >"$work/out" 2>"$work/err" || got=$?
  if [[ $got != "$code" ]] || ! grep -qE "$pattern" "$work/err" ||
    [[ $(wc -l <"$work/err") != 1 ]]; then
    echo "FAILED: $*: exit code $got, wanted $code with '$pattern'; it said:"
    cat "$work/err"
    failures=$((failures + 1))
  fi
}
particles=(particles --target mixture-three --steps 100 --samples 1000 --time-limit 10)
certificate=(certificate --target mixture-three --steps 100 --time-limit 10)
expect_of 2 'asks for the score at level 0' "${particles[@]}" --sampler bad.hpp:how=level-low
expect_of 2 'asks for the score at level 0' "${certificate[@]}" --sampler bad.hpp:how=level-low
expect_of 2 'asks for the score at level 0' show bad.hpp:how=level-low
expect_of 3 'no result after 10 s' "${particles[@]}" --sampler bad.hpp:how=loop
expect_of 3 'it crashed|without a result' "${particles[@]}" --sampler bad.hpp:how=exit
if [[ ! $sanitizers ]]; then
  expect_of 3 'it crashed \(Segmentation fault\)' "${particles[@]}" --sampler bad.hpp:how=crash
  expect_of 3 'it crashed \(Segmentation fault\)' "${certificate[@]}" --sampler bad.hpp:how=crash
  expect_of 3 'it crashed \(Segmentation fault\)' show bad.hpp:how=crash
fi
"$program" "${particles[@]}" --sampler bad.hpp:how=ok --save "$work/y.npy" >"$work/particles.txt"
"$program" "${particles[@]}" --sampler ddpm >"$work/ddpm.txt"
if ! diff <(tail -n +2 "$work/particles.txt") <(tail -n +2 "$work/ddpm.txt") ||
  [[ $(wc -c <"$work/y.npy") != 8128 ]]; then
  echo "FAILED: the particles of bad.hpp:how=ok are not those of ddpm"
  failures=$((failures + 1))
fi

# A sweep keeps the failures and computes the rest: the good one is ddpm.
cat >"$work/grid.toml" <<'TOML'
targets = ["gauss-flat"]
samplers = ["bad.hpp:how=throw", "broken.hpp", "bad.hpp:how=loop", "bad.hpp:how=ok", "ddpm"]
steps = [100, 120]
TOML
got=0
"$program" sweep "$work/grid.toml" --store "$work/store.sqlite" --time-limit 3 \
  >"$work/out" 2>"$work/err" || got=$?
if [[ $got != 1 ]] || ! grep -q '10 cells in .*: 10 computed, 0 there already, 6 failed' "$work/out"; then
  echo "FAILED: the sweep ended with $got; it said:"
  cat "$work/out" "$work/err"
  failures=$((failures + 1))
fi

# The gate fails every cell of a bad sampler, claims and certificates too, and goes on.
cat >"$work/plan.toml" <<'TOML'
[[law]]
targets = "gauss-flat"
steps = 100
[[claim]]
claims = "D5"
cases = "gauss-flat"
[[certificate]]
targets = "gauss-flat"
steps = 100
margin = 0.5
TOML
"$program" compare --sampler ddpm --write "$work/baseline.json" --cells "$work/plan.toml" >"$work/out"
# gate CODE PATTERN SAMPLER: the exit code and the line of the counts.
gate() {
  local got=0
  "$program" compare --sampler "$3" --baseline "$work/baseline.json" --time-limit 3 --threads 2 \
    >"$work/out" 2>"$work/err" || got=$?
  if [[ $got != "$1" ]] || ! grep -qE "$2" "$work/out"; then
    echo "FAILED: the gate on $3 ended with $got; it said:"
    cat "$work/out" "$work/err"
    failures=$((failures + 1))
  fi
}
# A baseline of a bad sampler has nothing in it, and one of a good header is that of ddpm.
if "$program" compare --sampler bad.hpp:how=throw --write "$work/bad.json" \
  --cells "$work/plan.toml" >"$work/out" 2>"$work/err" || ! grep -q 'gave up' "$work/err"; then
  echo "FAILED: a baseline of bad.hpp:how=throw; it said:"
  cat "$work/out" "$work/err"
  failures=$((failures + 1))
fi
"$program" compare --sampler bad.hpp:how=ok --write "$work/good.json" --cells "$work/plan.toml" \
  >"$work/out"
# Errors are printed twice on the way from a child, and grow in their third digit.
numbers() { grep -vE '"(sampler|error)"' "$1"; }
if ! diff <(numbers "$work/good.json") <(numbers "$work/baseline.json"); then
  echo "FAILED: the baseline of bad.hpp:how=ok is not that of ddpm"
  failures=$((failures + 1))
fi
gate 0 '^3 of 3 cells pass; 9 numbers unchanged$' bad.hpp:how=ok
gate 1 '^0 of 3 cells pass; .*, 3 failed$' bad.hpp:how=throw
gate 1 '^0 of 3 cells pass; .*, 3 failed$' bad.hpp:how=loop
gate 1 '^0 of 3 cells pass; .*, 3 failed$' broken.hpp
if [[ ! $sanitizers ]]; then
  gate 1 '^0 of 3 cells pass; .*, 3 failed$' bad.hpp:how=crash
fi

[[ $failures == 0 ]] && echo "every bad sampler failed as it should"
exit $((failures > 0))
