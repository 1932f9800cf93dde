"""The example of docs/python.md runs and prints what the page says."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"
SOURCE = str(Path(__file__).resolve().parents[1])


def test_the_example_prints_what_the_page_says(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```\n\n((?:    [^\n]*\n)+)", text, re.S)
    shown = [line[4:] for line in code.group(2).splitlines()]
    done = subprocess.run(
        [sys.executable, "-c", code.group(1)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": SOURCE},
    )
    printed = done.stdout.splitlines()
    assert len(printed) == len(shown)
    for ours, theirs in zip(printed[:-1], shown[:-1]):
        # The defect is rounding and differs from machine to machine.
        assert re.sub(r"[\d.]+e-16", "#", ours) == re.sub(r"[\d.]+e-16", "#", theirs)
    # 32 steps of a few roundings: 1e-14
    assert abs(float(printed[-1]) - float(shown[-1])) < 1e-13
    assert (tmp_path / "euler_32.json").exists()
