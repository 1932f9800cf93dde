#!/usr/bin/env bash
# numerics <- theory <- cases <- harness <- reports <- app: fails on an include against an arrow.
set -euo pipefail
cd "$1"

rooms=(numerics theory cases harness reports app)
status=0
for ((i = 0; i < ${#rooms[@]}; ++i)); do
  for ((j = i + 1; j < ${#rooms[@]}; ++j)); do
    if grep -rnE --include='*.[ch]pp' "^ *# *include *[\"<]${rooms[j]}/" "${rooms[i]}"; then
      echo "^ ${rooms[i]} must not include ${rooms[j]}"
      status=1
    fi
  done
done
# The C library stands on cases, and nothing stands on it.
if grep -rnE --include='*.[ch]*' '^ *# *include *"(harness|reports|app)/' capi ||
  grep -rnE --include='*.[ch]pp' '^ *# *include *"capi/' "${rooms[@]}"; then
  echo "^ capi may include cases and what is below, and nothing may include capi"
  status=1
fi
# An include that does not start at the root escapes the check.
if grep -rnE --include='*.[ch]pp' '^ *# *include *"\.' "${rooms[@]}"; then
  echo "^ include paths start at the root"
  status=1
fi
exit "$status"
