"""Finds the package of the build tree, with its compiled part: ctest sets PYTHONPATH and LEMMABENCH
(the program)."""

import json
import os
import subprocess

import pytest

try:
    from lemmabench import _core  # noqa: F401
except ImportError as error:
    pytest.exit(f"no compiled lemmabench ({error}); PYTHONPATH=build/release/python", 2)


def command(*words):
    """The program's exit code, stdout, and stderr without the program's name."""
    done = subprocess.run(
        [os.environ["LEMMABENCH"], *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr.removeprefix("lemmabench: ").rstrip("\n")


@pytest.fixture(scope="session")
def program():
    """command(), or a skip where the program was not built."""
    if not os.path.exists(os.environ.get("LEMMABENCH", "")):
        pytest.skip("LEMMABENCH does not name the program")
    return command


@pytest.fixture(scope="session")
def law_json(program):
    """What `lemmabench law` writes for these options."""

    def of(*words):
        code, out, err = program("law", *words, "--format", "json")
        assert code == 0, err
        return json.loads(out)

    return of
