#!/usr/bin/env bash
# The negative control of arrows.sh: every kind of include that it forbids must be found.
set -euo pipefail
script=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/arrows.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# clean: a tree in which every arrow points down.
clean() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{numerics,theory/process,cases/test,harness/{law,engines/{common,line}},reports/text,app/commands,capi,python/src}
  echo '#include "numerics/ball.hpp"' >"$tree/theory/process/schedule.hpp"
  echo '#include "harness/law/law.hpp"' >"$tree/app/commands/law_command.cpp"
}
# forbidden FILE LINE WORDS: LINE in FILE must be refused, with WORDS.
forbidden() {
  clean
  echo "$2" >"$tree/$1"
  if said=$("$script" "$tree") || [[ $said != *"$3"* ]]; then
    echo "not noticed in $1: $2"
    echo "$said"
    exit 1
  fi
}

clean
"$script" "$tree"
forbidden numerics/ball.cpp '#include "theory/process/schedule.hpp"' 'numerics must not include theory/process'
forbidden harness/engines/common/a.hpp '#include "harness/engines/line/line_law.hpp"' \
  'harness/engines/common must not include harness/engines/line'
forbidden cases/a.cpp '#include "capi/lemmabench.h"' 'lies in no folder'
forbidden harness/loose.hpp '#include "numerics/ball.hpp"' 'harness/loose.hpp lies in no folder'
forbidden cases/a.cpp '#include "cases/test/a.hpp"' 'only tests may include'
forbidden capi/lemmabench.cpp '#include "harness/law/law.hpp"' 'capi may include cases'
forbidden python/src/law.cpp '#include "app/commands/law_command.hpp"' 'python may include all rooms but app'
forbidden harness/law/law.cpp '#include "python/src/bindings.hpp"' 'python may include all rooms but app'
forbidden reports/text/a.cpp '#include "./b.hpp"' 'include paths start at the root'
forbidden harness/law/law.cpp '#include <CLI/CLI.hpp>' 'known to app alone'
