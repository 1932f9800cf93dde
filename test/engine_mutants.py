#!/usr/bin/env python3
"""./run engine-mutants: do the tests they name catch the bugs of harness/studies/mutation/engine_bugs?

Each bug is a change of one text in one source. The sources are copied to build/engine-mutants/tree
and only ever changed there. What is found is written into the bank at once: caught_by = "program:
case", or "" for a survivor, whose reason (survives = "why") is written by hand. A journal beside
the copy knows what has been judged at these sources, so that a run that was killed goes on.

Exit code 1: less than 95 % of the bank caught, a survivor without a reason, a bug that does not
apply or does not compile, or a test that fails without any bug.
"""

import argparse
import fnmatch
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BANK = ROOT / "harness" / "studies" / "mutation" / "engine_bugs"
WORK = ROOT / "build" / "engine-mutants"
TREE = WORK / "tree"
BUILD = TREE / "build" / "release"
JOURNAL = WORK / "journal.json"
LEAST_CAUGHT = 0.95


def say(text):
    print(f"engine-mutants: {text}", flush=True)


def write_whole(path, text):
    """The file as a whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text)
    os.replace(fresh, path)


# ---------------------------------------------------------------- the bank


class Bug:
    def __init__(self, record, bank_file):
        self.record = record
        self.bank_file = bank_file
        self.id = record["id"]
        self.file = record["file"]
        self.right = record["right"]
        self.wrong = record["wrong"]
        self.tests = [record["tests"]] if isinstance(record["tests"], str) else record["tests"]

    def key(self):
        text = json.dumps([self.file, self.right, self.wrong, self.tests])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def applies(self):
        path = ROOT / self.file
        return path.exists() and path.read_text().count(self.right) == 1


def read_bank():
    bugs = []
    for path in sorted(BANK.glob("*.toml")):
        bugs += [Bug(record, path) for record in tomllib.loads(path.read_text())["bug"]]
    ids = [bug.id for bug in bugs]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        sys.exit(f"engine-mutants: these ids stand twice: {', '.join(twice)}")
    return bugs


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def record_outcome(bug, caught_by):
    """Writes caught_by into the bug's table, and changes nothing else of the file."""
    lines = bug.bank_file.read_text().split("\n")
    starts = [i for i, line in enumerate(lines) if line.strip() == "[[bug]]"] + [len(lines)]
    for first, end in zip(starts, starts[1:]):
        if f"id = {quoted(bug.id)}" not in lines[first:end]:
            continue
        new = f"caught_by = {quoted(caught_by)}"
        old = [i for i in range(first, end) if lines[i].startswith("caught_by = ")]
        if old:
            lines[old[0]] = new
        else:
            last = max(i for i in range(first, end) if lines[i].startswith("tests = "))
            while not lines[last].rstrip().endswith("]"):
                last += 1
            lines.insert(last + 1, new)
        write_whole(bug.bank_file, "\n".join(lines))
        return
    sys.exit(f"engine-mutants: {bug.bank_file} has no line id = {quoted(bug.id)}")


# ---------------------------------------------------------------- the copy


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def digest(names):
    """Of everything that a test may depend on; what the bank says is no such thing."""
    out = hashlib.sha256()
    for name in names:
        if re.match(r"(docs|\.ci|reports/page/html)/|harness/studies/mutation/engine_bugs/|.*\.md$", name):
            continue
        out.update(name.encode() + b"\0" + (ROOT / name).read_bytes() + b"\0")
    return out.hexdigest()[:16]


def copy_tree(names):
    """Brings the copy up to date; what is the same keeps its time, so that nothing is rebuilt."""
    TREE.mkdir(parents=True, exist_ok=True)
    wanted = set(names)
    for path in list(TREE.rglob("*")):
        inside = path.relative_to(TREE)
        if inside.parts[0] != "build" and path.is_file() and str(inside) not in wanted:
            path.unlink()
    for name in names:
        source, target = ROOT / name, TREE / name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def run_quietly(command, log, **options):
    with open(log, "w") as out:
        return subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, **options).returncode


def configure():
    if (BUILD / "build.ninja").exists():
        return
    log = WORK / "configure.log"
    if run_quietly(["cmake", "--preset", "default"], log, cwd=TREE) != 0:
        sys.exit(f"engine-mutants: cmake does not configure the copy; see {log}")


def build(targets, jobs):
    log = WORK / "build.log"
    return run_quietly(["ninja", "-C", str(BUILD), f"-j{jobs}", *sorted(targets)], log) == 0


# ---------------------------------------------------------------- tests


def program_of(test):
    return test.split(": ", 1)[0]


class Ran:
    """What a run of one filter of one program came to."""

    def __init__(self, test, limit):
        program, name = test.split(": ", 1)
        room = re.sub(r"(_slow)?_test$", "", program)
        start = time.monotonic()
        process = subprocess.Popen(
            [str(BUILD / "bin" / program), "--test-case=" + name.replace(",", "\\,"),
             "--no-colors", "--abort-after=1"],
            cwd=BUILD / room, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        try:
            output = process.communicate(timeout=limit)[0].decode(errors="replace")
            self.ended = True
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output = process.communicate()[0].decode(errors="replace")
            self.ended = False
        self.seconds = time.monotonic() - start
        self.none = re.search(r"test cases: +0 ", output) is not None
        self.passed = self.ended and process.returncode == 0
        self.output = output
        self.culprit = f"{program}: {self.first_failure(output, name)}"

    @staticmethod
    def first_failure(output, name):
        """The case that the first error stands under."""
        case = name
        for line in output.split("\n"):
            header = re.match(r"TEST CASE:  (.*)", line)
            if header:
                case = header.group(1)
            elif "ERROR: " in line:
                break
        return case


def check_baseline(tests, jobs, journal):
    """Tests that fail without a bug, or are not there, catch none. Returns their trouble."""
    troubles = {}
    known = journal["baseline"]
    missing = [test for test in tests if test not in known]
    if missing:
        say("building the copy without a bug")
        if not build({program_of(test) for test in tests}, jobs):
            sys.exit(f"engine-mutants: the copy does not build; see {WORK / 'build.log'}")
    for test in missing:
        ran = Ran(test, 900)
        if ran.none:
            troubles[test] = "there is no such case"
        elif not ran.passed:
            troubles[test] = "fails without any bug"
            (WORK / "baseline.log").write_text(ran.output)
        else:
            known[test] = ran.seconds
            write_whole(JOURNAL, json.dumps(journal, indent=1))
        say(f"without a bug: {test}: {troubles.get(test, f'passes in {ran.seconds:.1f} s')}")
    return troubles


# ---------------------------------------------------------------- one bug


def judge(bug, jobs, baseline):
    """caught_by, "" for a survivor; None if it does not compile."""
    target = TREE / bug.file
    right = target.read_text()
    target.write_text(right.replace(bug.right, bug.wrong))
    try:
        if not build({program_of(test) for test in bug.tests}, jobs):
            shutil.copy(WORK / "build.log", WORK / f"{bug.id}.log")
            return None
        for test in bug.tests:
            # A bug may make a test endless: ctest stops it at 30 s (300 s: slow), as here.
            ran = Ran(test, max(60.0, 20 * baseline[test]))
            if not ran.passed:
                return ran.culprit
        return ""
    finally:
        target.write_text(right)


def arguments():
    parser = argparse.ArgumentParser(
        prog="./run engine-mutants", description=__doc__.split("\n\n")[0],
        epilog="The table of what was found: lemmabench mutants --engines")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these, * allowed; default: all")
    parser.add_argument("--jobs", type=int, default=1, help="compilers at once")
    parser.add_argument("--again", action="store_true",
                        help="judge what was judged at these very sources once more")
    parser.add_argument("--missing", action="store_true", help="only what was never judged")
    parser.add_argument("--baseline", action="store_true",
                        help="only build the copy and run the tests without a bug")
    return parser.parse_args()


def load_journal(source):
    try:
        journal = json.loads(JOURNAL.read_text())
    except (OSError, ValueError):
        journal = {}
    if journal.get("source") != source:
        journal = {"source": source, "baseline": {}, "judged": {}}
    return journal


def chosen(bugs, patterns):
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(bug.id, pattern) for bug in bugs):
            sys.exit(f"engine-mutants: no bug is called '{pattern}'")
    return [bug for bug in bugs
            if not patterns or any(fnmatch.fnmatchcase(bug.id, one) for one in patterns)]


def main():
    options = arguments()
    bugs = read_bank()
    some = chosen(bugs, options.ids)
    if options.missing:
        some = [bug for bug in some if "caught_by" not in bug.record]
    troubles = [f"{bug.id} is stale: its right text does not stand exactly once in {bug.file}"
                for bug in some if not bug.applies()]
    some = [bug for bug in some if bug.applies()]
    names = sources()
    journal = load_journal(digest(names))
    copy_tree(names)
    configure()
    tests = list(dict.fromkeys(test for bug in some for test in bug.tests))
    bad_tests = check_baseline(tests, options.jobs, journal)
    troubles += [f"{test}: {what}" for test, what in bad_tests.items()]
    if options.baseline:
        some = []
    for number, bug in enumerate(some, 1):
        if any(test in bad_tests for test in bug.tests):
            continue
        judged = journal["judged"]
        if not options.again and judged.get(bug.id, {}).get("key") == bug.key():
            caught_by = judged[bug.id]["caught_by"]
        else:
            start = time.monotonic()
            caught_by = judge(bug, options.jobs, journal["baseline"])
            what = ("DOES NOT COMPILE" if caught_by is None else
                    "SURVIVES" if caught_by == "" else f"caught by {caught_by}")
            say(f"{number} of {len(some)}, {time.monotonic() - start:.0f} s: {bug.id}: {what}")
            if caught_by is None:
                troubles.append(f"{bug.id} does not compile: see {WORK / (bug.id + '.log')}")
                continue
            judged[bug.id] = {"key": bug.key(), "caught_by": caught_by}
            write_whole(JOURNAL, json.dumps(journal, indent=1))
        record_outcome(bug, caught_by)
    return conclude(troubles)


def conclude(troubles):
    """By the whole bank as it now stands."""
    records = [bug.record for bug in read_bank()]
    caught = [one for one in records if one.get("caught_by")]
    for one in records:
        if "caught_by" not in one:
            troubles.append(f"{one['id']} was never judged")
        elif one["caught_by"] == "" and not one.get("survives"):
            troubles.append(f"{one['id']} survives without a reason: write the test it lacks")
        elif one["caught_by"] and one.get("survives"):
            troubles.append(f"{one['id']} has a reason to survive and is caught")
    for trouble in troubles:
        say(trouble)
    say(f"{len(caught)} of {len(records)} caught ({100 * len(caught) / len(records):.1f} %)")
    return 1 if troubles or len(caught) < LEAST_CAUGHT * len(records) else 0


if __name__ == "__main__":
    sys.exit(main())
