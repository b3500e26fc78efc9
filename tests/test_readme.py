"""The README's commands print what it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

# Each runs for long, and by the test named, which compares more than the README shows.
DIFF = " | diff - chapter4/printed_logs/article.log"
ELSEWHERE = {
    "python scripts/run_all.py" + DIFF: "test_run_all",
    "python scripts/run_listing.py my_listing.py" + DIFF: "test_run_listing",
    "python scripts/run_all.py --logdir events" + DIFF: "test_summaries",
    "python scripts/plot.py pictures": "test_plot",
}


def shown():
    """Each command of a console block and the output below it."""
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            yield tuple(part.split("\n", 1))


def test_commands_print_what_is_shown(tmp_path, printed):
    """Side by side."""
    for name in ("chapter4", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "my.log").write_bytes(printed("tensorflow-1.4.0.log"))
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    here = {"cwd": str(tmp_path), "env": {**os.environ, "PATH": path}, "stdout": subprocess.PIPE}
    processes = [
        (subprocess.Popen(line, shell=True, stderr=subprocess.STDOUT, **here), output)
        for line, output in shown()
        if line not in ELSEWHERE
    ]
    assert len(processes) == 7
    for process, output in processes:
        assert process.communicate()[0].decode("utf-8") == output


def test_every_other_command_is_run_elsewhere():
    lines = {line: output for line, output in shown()}
    for line, test in ELSEWHERE.items():
        assert lines[line] == "" and (ROOT / "tests" / (test + ".py")).exists()


def test_the_interpreter_example(capsys):
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(example, {})
    printed = float(capsys.readouterr().out.strip("[]\n"))
    assert printed == pytest.approx(0.5 * (-0.8113182 + 1.4845988), abs=1e-6)


def test_every_section_is_in_the_contents():
    for path in (ROOT / "chapter4").glob("section_*.py"):
        assert "`python -m chapter4.%s`" % path.stem in README
        assert path.stem in (ROOT / "chapter4" / "__init__.py").read_text(encoding="utf-8")


def test_the_worked_example():
    """0.232974276 * -10 + 1.06230652 of the step printed as 1000, by NumPy."""
    a, b, c = np.float32(0.232974276), np.float32(-10), np.float32(1.06230652)
    twice, exact = np.float32(a * b) + c, np.float64(a) * np.float64(b)
    once = np.float32(exact + np.float64(c))
    row_twice, row_once = ("%.9g" % np.float32(a * b), "%.9g" % twice), ("%.15g" % exact, "%.9g" % once)
    assert "| %s | %s… |" % (row_twice[0], row_once[0]) in README
    assert "| %s | %s |" % (row_twice[1], row_once[1]) in README
