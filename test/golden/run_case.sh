#!/usr/bin/env bash
# One golden test of the command line: run_case.sh PROGRAM CASE_DIRECTORY
#
# The case directory holds
#   cmd      bash text that calls `lemmabench`; runs in an empty directory of its own
#   files/   (optional) copied into that directory first
#   filter   (optional) a sed script applied to stdout and stderr, for what may differ between runs
# and what has to come out, byte for byte:
#   stdout, stderr   absent: nothing
#   exit             the exit code; absent: 0
#   left             the files that stay behind, one path a line; absent: none
# UPDATE_GOLDEN=1 in the environment writes these four instead of comparing.
set -euo pipefail

program=$(realpath "$1")
case_directory=$(realpath "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/work" "$scratch/got"
ln -s "$program" "$scratch/bin/lemmabench"
if [[ -d $case_directory/files ]]; then
  cp -R "$case_directory/files/." "$scratch/work/"
fi

list_files() { (cd "$scratch/work" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort); }
list_files >"$scratch/before"
status=0
(
  cd "$scratch/work"
  export PATH="$scratch/bin:$PATH" LC_ALL=C TERM=dumb COLUMNS=80
  exec bash "$case_directory/cmd"
) </dev/null >"$scratch/got/stdout" 2>"$scratch/got/stderr" || status=$?
((status == 0)) || printf '%s\n' "$status" >"$scratch/got/exit"
list_files | LC_ALL=C comm -13 "$scratch/before" - >"$scratch/got/left"
if [[ -f $case_directory/filter ]]; then
  sed -i -E -f "$case_directory/filter" "$scratch/got/stdout" "$scratch/got/stderr"
fi
touch "$scratch/got/exit" "$scratch/empty"

failed=0
for part in stdout stderr exit left; do
  got=$scratch/got/$part
  want=$case_directory/$part
  if [[ ${UPDATE_GOLDEN:-} == 1 ]]; then
    if [[ -s $got ]]; then cp "$got" "$want"; else rm -f "$want"; fi
    continue
  fi
  [[ -f $want ]] || want=$scratch/empty
  if ! cmp -s "$want" "$got"; then
    failed=1
    printf '%s of %s differs:\n' "$part" "$(basename "$case_directory")"
    diff -u --label wanted --label got "$want" "$got" || true
  fi
done
exit "$failed"
