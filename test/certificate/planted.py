"""Plants one error at a time in a certificate and requires that the checker rejects it, and says
why: planted.py CHECKER CERTIFICATE. The certificate as it is must pass the same checks."""

import copy
import json
import subprocess
import sys
import tempfile

CHECKER, CERTIFICATE = sys.argv[1:]
STEP = 8


def times(text, factor):
    return (float.fromhex(text) * factor).hex()


def read():
    with open(CERTIFICATE, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def step(lines):
    return next(line for line in lines if line.get("step") == STEP)


def end(lines):
    return lines[-1]


def halve_rule(lines):
    step(lines)["rule_error"] = times(step(lines)["rule_error"], 0.5)


def halve_defect(lines):
    step(lines)["defect"] = times(step(lines)["defect"], 0.5)


def tiles(lines):
    return step(lines)["ranges"][0]["tiles"]


def heaviest(lines):
    return max(tiles(lines), key=lambda tile: float.fromhex(tile[4]))


def halve_slope(lines):
    tile = heaviest(lines)
    tile[2] = times(tile[2], 0.1)  # it is what rectangles show, and several times the largest slope


def halve_rise(lines):
    tile = heaviest(lines)
    tile[3] = times(tile[3], 0.5)


def halve_mass(lines):
    tile = heaviest(lines)
    tile[4] = times(tile[4], 0.25)


def drop_tile(lines):
    tiles(lines).remove(heaviest(lines))


def drop_node(lines):
    record = step(lines)
    j = max(range(len(record["weights"])), key=lambda i: float.fromhex(record["weights"][i]))
    for key in ("nodes", "means", "weights"):
        del record[key][j]


def change_weight(lines):
    weights = step(lines)["weights"]
    j = max(range(len(weights)), key=lambda i: float.fromhex(weights[i]))
    # Its own rounding and that of all others is allowed 5e-14 together.
    weights[j] = times(weights[j], 1 + 1e-10)


def change_mean(lines):
    record = step(lines)
    j = max(range(len(record["weights"])), key=lambda i: float.fromhex(record["weights"][i]))
    record["means"][j] = times(record["means"][j], 1 + 1e-10)


def change_deviation(lines):
    step(lines)["sd"] = times(step(lines)["sd"], 1 + 1e-12)


def wider_spacing(lines):
    step(lines)["spacing"] = times(step(lines)["spacing"], 1.25)


def higher_contour(lines):
    step(lines)["height"] = times(step(lines)["height"], 1.5)


def leave_out_step(lines):
    lines.remove(step(lines))


def leave_out_end(lines):
    lines.remove(end(lines))


def another_start(lines):
    lines[1]["law_of_the_start"]["groups"][0]["sd"] = (1.01).hex()


def another_level(lines):
    level = lines[0]["levels"][2]
    level["abar"] = [times_long(x) for x in level["abar"]]


def times_long(text):
    """A hex float of many digits, the thirtieth changed: by 2^-120 of it."""
    at = text.index(".") + 30
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


def another_target(lines):
    lines[0]["target"][0]["mean"] = "-1.4"


def longest(lines, sign):
    found = [s for s in end(lines)["stretches"] if s[2] == sign]
    return max(found, key=lambda s: float.fromhex(s[1]) - float.fromhex(s[0]))


def turn_sign(lines):
    longest(lines, 1)[2] = -1


def sign_not_certified(lines):
    """A stretch where the sign changes, given that of its neighbour."""
    stretches = end(lines)["stretches"]
    i = next(i for i, s in enumerate(stretches) if s[2] == 0 and 0 < i and stretches[i - 1][2] != 0
             and float.fromhex(s[3]) > 0 and -2 < float.fromhex(s[0]) < 2)
    stretches[i] = [stretches[i][0], stretches[i][1], stretches[i - 1][2], "0x0p+0"]


def drop_stretch(lines):
    stretches = end(lines)["stretches"]
    stretches.remove(longest(lines, 1))


def no_undecided(lines):
    for s in end(lines)["stretches"]:
        if s[2] == 0:
            s[3] = "0x0p+0"


def interval_ends(lines):
    return [float.fromhex(x) for x in end(lines)["total_variation"]]


def narrower_from_below(lines):
    low, high = interval_ends(lines)
    end(lines)["total_variation"][0] = (low + (high - low) / 100).hex()


def narrower_from_above(lines):
    low, high = interval_ends(lines)
    end(lines)["total_variation"][1] = (high - (high - low) / 100).hex()


def smaller_sum(lines):
    end(lines)["sum_of_defects"] = times(end(lines)["sum_of_defects"], 0.5)


def another_truth(lines):
    group = end(lines)["truth"]["groups"][0]
    group["weights"][0] = times(group["weights"][0], 1 + 1e-12)


ONE = ["--step", str(STEP)]
END = ["--end"]
PLANTED = [
    (halve_rule, ONE, "midpoint rule may be off"),
    (halve_defect, ONE, "law may be off"),
    (halve_slope, ONE, "were not confirmed"),
    (halve_rise, ONE, "were not confirmed"),
    (halve_mass, ONE, "more than the mass"),
    (drop_tile, ONE, "no tile"),
    (drop_node, ONE, "law may be off"),
    (change_weight, ONE, "law may be off"),
    (change_mean, ONE, "law may be off"),
    (change_deviation, ONE, "law may be off"),
    (wider_spacing, ONE, ""),
    (higher_contour, ONE, ""),
    (leave_out_step, ONE, "is missing"),
    (leave_out_end, ONE, "no end"),
    (another_start, ONE, "not N(0, 1)"),
    (another_level, ONE, "level 3"),
    (another_target, ONE, ""),
    (turn_sign, END, "has not the sign"),
    (sign_not_certified, END, "has not the sign"),
    (drop_stretch, END, "does not lie in the interval"),
    (no_undecided, END, "more of |p - q|"),
    (narrower_from_below, END, "does not lie in the interval"),
    (narrower_from_above, END, "does not lie in the interval"),
    (smaller_sum, END, "sum of the defects"),
    (another_truth, END, "not the law of X, rounded"),
]


def run(lines, options):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
        file.flush()
        return subprocess.run([sys.executable, CHECKER, file.name, *options], capture_output=True,
                              text=True, check=False)


def main():
    lines = read()
    for options in (ONE, END):
        sound = run(lines, options)
        assert sound.returncode == 0, sound.stderr
    missed = 0
    for plant, options, why in PLANTED:
        changed = copy.deepcopy(lines)
        plant(changed)
        found = run(changed, options)
        seen = found.returncode == 1 and "rejected" in found.stderr and why in found.stderr
        print(f"{'seen' if seen else 'MISSED'}: {plant.__name__}: {found.stderr.strip()[-200:]}")
        missed += not seen
    print(f"{len(PLANTED) - missed} of {len(PLANTED)} planted errors seen")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
