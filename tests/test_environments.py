"""The same bytes in other environments, by a run short enough to be repeated in each."""

import os
import shutil

from chapter4.reader import printed_log

from conftest import ROOT, posix

ENVIRONMENTS = [
    {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "ONEDNN_DEFAULT_FPMATH_MODE": "ANY",
        "DNNL_DEFAULT_FPMATH_MODE": "ANY",
        "TF_SET_ONEDNN_FPMATH_MODE": "BF16",
        "OMP_NUM_THREADS": "16",
        "TF_NUM_INTRAOP_THREADS": "16",
        "TF_NUM_INTEROP_THREADS": "16",
        "TF_DETERMINISTIC_OPS": "1",
        "LC_ALL": "C",
    },
    {
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit --tf_xla_min_cluster_size=1",
        "TF_ENABLE_AUTO_MIXED_PRECISION": "1",
        "TF2_BEHAVIOR": "1",
        "PYTHONWARNINGS": "error",
        "LC_ALL": "zh_CN.UTF-8",
    },
]


def check_short_run(process, printed):
    """A run of 1001 steps against the steps that the article's log has too."""
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    article, mine = printed_log.read(printed("article.log")), printed_log.read(out)
    assert len(mine) == 3 and out.count(b"\n") == 3 * 11  # and nothing else
    for ours, theirs in zip(mine, article):
        places = [(step, index) for step in (0, 1000) for index in (0, 1)]
        assert [ours.w1[place] for place in places] == [theirs.w1[place] for place in places]


@posix
def test_settings_and_a_strange_place_change_no_digit(command, printed, tmp_path):
    """The first of them in a read-only checkout, in a path with a space and Chinese characters, isolated,
    without a home. Side by side."""
    checkout = tmp_path / "读者 的"
    for folder in ("chapter4", "scripts"):
        shutil.copytree(
            str(ROOT / folder), str(checkout / folder), ignore=shutil.ignore_patterns("__pycache__")
        )
    for folder, _, _ in os.walk(str(checkout)):
        os.chmod(folder, 0o555)
    script = str(checkout / "scripts" / "run_all.py")
    environment = {**ENVIRONMENTS[0], "HOME": "/nowhere"}
    strange = command(script, "--steps", "1001", python=["-I"], env=environment, wait=False)
    plain = command("scripts/run_all.py", "--steps", "1001", env=ENVIRONMENTS[1], wait=False)
    check_short_run(strange, printed)
    check_short_run(plain, printed)
    for folder, _, _ in os.walk(str(checkout)):
        os.chmod(folder, 0o755)
