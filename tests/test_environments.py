"""The same bytes in other environments, by a run short enough to be repeated in each."""

import os
import shutil
from pathlib import Path

import pytest

from chapter4 import printed_log

ROOT = Path(__file__).parent.parent

ENVIRONMENTS = {
    "oneDNN on": {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "ONEDNN_DEFAULT_FPMATH_MODE": "ANY",
        "DNNL_DEFAULT_FPMATH_MODE": "ANY",
        "TF_SET_ONEDNN_FPMATH_MODE": "BF16",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "OMP_NUM_THREADS": "16",
        "TF_NUM_INTRAOP_THREADS": "16",
        "TF_NUM_INTEROP_THREADS": "16",
        "TF_DETERMINISTIC_OPS": "1",
        "LC_ALL": "zh_CN.UTF-8",
    },
    "oneDNN off": {
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit --tf_xla_min_cluster_size=1",
        "TF_ENABLE_AUTO_MIXED_PRECISION": "1",
        "TF2_BEHAVIOR": "1",
        "PYTHONWARNINGS": "error",
        "LC_ALL": "C",
    },
    "without docstrings": {"PYTHONOPTIMIZE": "2"},
}


@pytest.fixture
def short_run(command, printed):
    """short_run(name, options…): runs 1001 steps and compares those that the article's log has too."""

    def run(name="scripts/run_all.py", **options):
        process = command(name, "--steps", "1001", **options)
        assert (process.returncode, process.err) == (0, b"")
        article = printed_log.read(printed("article.log"))
        mine = printed_log.read(process.out)
        assert len(mine) == 3
        for ours, theirs in zip(mine, article):
            places = [(step, index) for step in (0, 1000) for index in (0, 1)]
            assert [ours.w1[place] for place in places] == [theirs.w1[place] for place in places]

    return run


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_settings_change_no_digit(name, short_run):
    short_run(env=ENVIRONMENTS[name])


def test_a_strange_place(short_run, tmp_path):
    """A read-only checkout in a path with a space and Chinese characters, isolated, without a home."""
    checkout = tmp_path / "读者 的"
    for folder in ("chapter4", "scripts"):
        shutil.copytree(
            str(ROOT / folder), str(checkout / folder), ignore=shutil.ignore_patterns("__pycache__")
        )
    for folder, _, _ in os.walk(str(checkout)):
        os.chmod(folder, 0o555)
    short_run(
        str(checkout / "scripts" / "run_all.py"), python=["-I"], env={"LC_ALL": "C", "HOME": "/nowhere"}
    )
    for folder, _, _ in os.walk(str(checkout)):
        os.chmod(folder, 0o755)
