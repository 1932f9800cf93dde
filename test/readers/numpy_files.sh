#!/usr/bin/env bash
# numpy_files.sh PROGRAM: what numpy writes, in all its types, orders, shapes and texts, is read as
# the same numbers: `judge` gives the same statistics to the last digit. Skipped (77) without numpy.
set -euo pipefail
program=$1
python=
for one in python3 /usr/bin/python3; do
  [[ $python ]] || ! "$one" -c 'import numpy' 2>/dev/null || python=$one
done
[[ $python ]] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$python" - <<'PY'
import numpy as np
rng = np.random.default_rng(1)
# Numbers that half precision holds, so that every type holds the same.
x = rng.normal(size=(200, 2)).astype(np.float16).astype(np.float64)
np.save("real.npy", x)
for code in ["<f2", ">f2", "<f4", ">f4", ">f8"]:
    np.save(f"real_{code.replace('<', 'l').replace('>', 'b')}.npy", x.astype(code))
np.save("real_fortran.npy", np.asfortranarray(x))
np.save("real_fortran_half.npy", np.asfortranarray(x.astype(">f2")))
np.save("real_axes.npy", x.reshape(200, 2, 1))
np.save("real_axes_fortran.npy", np.asfortranarray(x.reshape(200, 1, 2)))
np.savetxt("real_savetxt.csv", x)
np.savetxt("real_comma.csv", x, delimiter=",")
np.savetxt("real_crlf.csv", x, delimiter=", ", newline="\r\n")
np.savetxt("real_header.csv", x, delimiter=";", header="first;second", comments="")
np.savetxt("real_comment.csv", x, delimiter="\t", header="first second")
np.savetxt("real_quoted.csv", x, delimiter=",", fmt='"%.17g"')
with open("real_bom.csv", "w", encoding="utf-8-sig") as out:
    out.write("\n".join(f"{a!r},{b!r}" for a, b in x.tolist()))
k = rng.integers(0, 100, size=(200, 1))
np.save("whole.npy", k.astype(float))
for code in ["i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "u1", ">u2", "<u4", ">u8"]:
    np.save(f"whole_{code.replace('<', 'l').replace('>', 'b')}.npy", k.astype(code))
np.save("whole_line.npy", k[:, 0].astype(float))
np.savetxt("whole_integers.csv", k, fmt="%d")
PY

statistics() {
  "$program" judge "$1" --target "$2" --pairs 100 --format json --threads 1 |
    "$python" -c 'import json, sys; print(json.dumps([t["statistic"] for t in json.load(sys.stdin)["tests"]]))'
}
failures=0
count=0
check() {
  local wanted got
  wanted=$(set +o pipefail; statistics "$1.npy" "$2")
  for file in "$1"_*; do
    got=$(set +o pipefail; statistics "$file" "$2")
    count=$((count + 1))
    if [[ -z $wanted || $got != "$wanted" ]]; then
      echo "FAILED: $file has statistics '$got', $1.npy has '$wanted'"
      failures=$((failures + 1))
    fi
  done
}
check real gaussian:dim=2,variance=1
check whole gaussian:dim=1,variance=833,mean=49.5
[[ $failures == 0 && $count -ge 27 ]] && echo "$count files of numpy read as it wrote them"
exit $((failures > 0 || count < 27))
