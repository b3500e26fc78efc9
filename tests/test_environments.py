"""The same bytes in other environments, and an end before the last step."""

import os
import shutil
import signal

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


@posix
def test_settings_and_a_strange_place_change_no_digit(command, printed, tmp_path):
    """The one run isolated, without a home, in a read-only checkout, in a path with a space and Chinese
    characters; the other a section's by its path, as an editor's Run button has it. Lines appear when they
    are reached; Ctrl-C and a closed pipe are quiet ends. Side by side."""
    checkout = tmp_path / "读者 的"
    for folder in ("chapter4", "scripts"):
        shutil.copytree(
            str(ROOT / folder), str(checkout / folder), ignore=shutil.ignore_patterns("__pycache__")
        )
    for folder, _, _ in os.walk(str(checkout)):
        os.chmod(folder, 0o555)
    script, section = str(checkout / "scripts" / "run_all.py"), "chapter4/section_4_2_2_custom_loss.py"
    long, isolated = ("--steps", "1000000000"), {**ENVIRONMENTS[0], "HOME": "/nowhere"}
    by_path = {**ENVIRONMENTS[1], "PYTHONPATH": ""}
    interrupted = command(script, *long, python=["-I"], env=isolated, wait=False)
    unread = command(section, "--mse", *long, env=by_path, wait=False)
    first, _, mse = printed("article.log").split(b"After 0 ")[1:]
    for process, experiment, end in (interrupted, first, signal.SIGINT), (unread, mse, signal.SIGPIPE):
        for line in experiment.splitlines()[:7]:  # up to step 1000
            assert process.stdout.readline().rstrip(b"\n").endswith(line)
        if process is interrupted:
            process.send_signal(end)
        else:
            process.stdout.close()
        assert (process.wait(), process.stderr.read()) == (-end, b"")
    for folder, _, _ in os.walk(str(checkout)):
        os.chmod(folder, 0o755)
