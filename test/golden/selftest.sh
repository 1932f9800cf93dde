#!/usr/bin/env bash
# The golden runner must see every changed byte: tries it on a stand-in for the program.
set -euo pipefail
runner=$(dirname "$(realpath "$0")")/run_case.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset UPDATE_GOLDEN

program=$scratch/program
cat >"$program" <<'PROGRAM'
#!/usr/bin/env bash
cat input
printf 'built %s\n' "$RANDOM$RANDOM"
printf 'no such target: %s' "$1" >&2
touch made
exit 2
PROGRAM
chmod +x "$program"

golden=$scratch/case
mkdir -p "$golden/files"
printf 'lemmabench nonsense\n' >"$golden/cmd"
printf 's/^built [0-9]+$/built NUMBER/\n' >"$golden/filter"
printf 'some input\n' >"$golden/files/input"

expect() { # expect pass|fail WHAT
  local outcome=pass
  "$runner" "$program" "$golden" >"$scratch/log" 2>&1 || outcome=fail
  if [[ $outcome != "$1" ]]; then
    printf 'wanted the runner to %s: %s\n' "$1" "$2"
    cat "$scratch/log"
    exit 1
  fi
}

expect fail "nothing recorded, but there is output"
UPDATE_GOLDEN=1 "$runner" "$program" "$golden"
expect pass "just recorded"
for part in stdout stderr exit left; do
  cp "$golden/$part" "$scratch/kept"
  sed -i '1s/./X/' "$golden/$part"
  expect fail "first byte of $part changed"
  printf '\n' | cat "$scratch/kept" - >"$golden/$part"
  expect fail "a newline added to $part"
  rm "$golden/$part"
  expect fail "$part missing"
  cp "$scratch/kept" "$golden/$part"
  expect pass "$part as it was"
done
grep -q 'built NUMBER' "$golden/stdout" || { echo "the filter was not applied"; exit 1; }
UPDATE_GOLDEN=1 "$runner" /bin/true "$golden"
for part in stdout stderr exit left; do
  [[ ! -e $golden/$part ]] || { echo "$part was not removed by the update"; exit 1; }
done
