"""What the two READMEs show is what the commands print, and what they name is there."""

import contextlib
import importlib
import os
import re
import runpy
import shlex
import subprocess
import sys

from chapter4 import LOGS, runtime
from chapter4 import section_4_4_2_regularization as regularization
from chapter4.arithmetic import fused
from chapter4.reader import printed_log, verdict

import numpy as np
import pytest
import tensorflow
import tensorflow.compat.v1 as tf
from conftest import ROOT, posix

PAGES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "chapter4/README.md")}
BOTH = "\n".join(PAGES.values())
README, CHINESE = PAGES.values()

# Commands that train for long. The test named holds what one prints against this log, byte for byte, so that
# in the pages' commands `cat` stands for it.
PRINTS = {
    "python scripts/run_all.py": (
        "article.log",
        "test_run_all.test_prints_the_articles_log",
    ),
    "python scripts/run_all.py --arithmetic separate": (
        "tensorflow-1.4.0.log",
        "test_run_all.test_separate_prints_tensorflow_1_4_0s_log",
    ),
    "python scripts/run_listing.py my_listing.py": (
        "article.log",
        "test_listing.test_the_article_as_typed_in",
    ),
    "python -m chapter4.section_4_4_1_learning_rate": (
        "companion-4.4.1-learning-rate.log",
        "test_section_4_4_1_learning_rate.test_runs_alone",
    ),
    "python -m chapter4.section_4_4_3_moving_average": (
        "companion-4.4.3-moving-average.log",
        "test_section_4_4_3_moving_average.test_runs_alone",
    ),
}
# What the pages show no output of, and the test that runs it.
ELSEWHERE = {
    "python scripts/run_listing.py my_listing.py > my.log": "test_listing.test_the_article_as_typed_in",
    "python scripts/run_listing.py my_notebook.ipynb": "test_listing.test_a_notebook",
    "python scripts/compare_logs.py my.log other.log": "test_compare_logs.test_where_it_departs",
    "python scripts/plot.py pictures": "test_plot.test_every_picture_is_there_and_not_blank",
    "python scripts/write_events.py events": (
        "test_write_events.test_each_section_and_each_experiment_is_a_run"
    ),
    "python -m chapter4.section_4_1_3_xor": "test_section_4_1_3_xor.test_runs_alone",
    "tensorboard --logdir events": "test_write_events.test_the_curves_go_through_the_articles_numbers",
    "TF_CPP_MIN_LOG_LEVEL=0 python scripts/run_all.py": (
        "test_runtime.test_nothing_is_held_back_where_the_user_says_so"
    ),
    "%run scripts/run_all.py": "test_jupyter.test_a_notebook",
    "%load_ext chapter4": "test_jupyter.test_load_ext",
    "%reload_ext chapter4": "test_jupyter.test_load_ext",
    "%arithmetic separate": "test_jupyter.test_load_ext",
    "%arithmetic": "test_jupyter.test_arithmetic",
}
# Trains for half a minute; test_how_the_networks_of_4_4_2_end asks about the lines that are shown.
HALF_A_MINUTE = 'python -m chapter4.section_4_4_2_regularization | grep "In the end"'
TRAIN = "python3 -m venv .venv && . .venv/bin/activate && pip install -e . && python scripts/run_all.py"


def shown():
    """{command of a console block: the output below it}"""
    found = {}
    for block in re.findall(r"```console\n(.*?)```", BOTH, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, output = part.split("\n", 1)
            assert found.setdefault(command, output) == output
    return found


def in_text():
    """The commands among the code in running text."""
    code = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", BOTH, flags=re.DOTALL))
    command = r"%\w|(python|py|pip|tensorboard|\.venv\\\S+|\w+=\d python) (?!-m chapter4\.$)[^ ]"
    return {text for text in code if re.match(command, text) and not text.endswith("-m pip")}


@contextlib.contextmanager
def ten_times_the_learning_rate(batch_size):
    with fused(batch_size) as AdamOptimizer:
        yield lambda learning_rate: AdamOptimizer(10 * learning_rate)


@posix
def test_commands_print_what_is_shown(tmp_path, script, output, here):
    """Side by side; a section's in this process, where TensorFlow is there already."""
    for name in ("chapter4", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "my.log").write_text(output(script("run_all").main, arithmetic=ten_times_the_learning_rate))
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    options = {"cwd": str(tmp_path), "env": {**os.environ, "PATH": path}, "shell": True}
    options.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    outputs = shown()
    del outputs[HALF_A_MINUTE]
    processes = []
    for command, expected in outputs.items():
        first, *others = command.split(" | ")
        if first in PRINTS:
            first = "cat chapter4/printed_logs/" + PRINTS[first][0]
        elif first.startswith("python -m chapter4."):
            status, out, err = here(*first.split()[2:])
            assert (status, err) == (0, "")
            log = tmp_path / ("%d.log" % len(processes))
            log.write_text(out)
            first = "cat " + log.name
        processes.append((subprocess.Popen(" | ".join([first, *others]), **options), expected))
    assert len(processes) > 5
    for process, expected in processes:
        assert process.communicate()[0].decode("utf-8") == expected


def test_every_other_command_is_run_elsewhere():
    commands = {text for text in in_text() if not re.search(r" install |^py -|--version$", text)}
    assert commands - {*PRINTS} == {*ELSEWHERE}
    assert {command.split(" | ")[0] for command in shown()} | commands >= {*PRINTS}
    for test in [test for _, test in PRINTS.values()] + list(ELSEWHERE.values()):
        module, _, function = test.partition(".")
        assert "\ndef %s(" % function in (ROOT / "tests" / (module + ".py")).read_text(encoding="utf-8")


def test_how_the_networks_of_4_4_2_end(output):
    """The lines have the form of today's; without regularization fewer errors, but more on new points."""
    lines = shown()[HALF_A_MINUTE].splitlines()
    real = [line for line in output(regularization.main, steps=1).splitlines() if "In the end" in line]
    number = r"\d+\.\d{4}\b"
    assert [re.sub(number, "", line) for line in lines] == [re.sub(number, "", line) for line in real]
    without, regularized = (dict(re.findall(r"(\w+): ([\d.]+)", line)) for line in lines)
    assert without["mse_loss"] < regularized["mse_loss"] < regularized["points"] < without["points"]
    assert regularized["mse_loss"] < regularized["loss"] < without["loss"]


def ci_command():
    """CI's first command."""
    return re.search("^python3 -m venv.*", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE).group()


def test_the_two_commands():
    lines = README.splitlines()
    assert [line for line in lines if line.startswith("python3 -m venv")] == [TRAIN, ci_command()]
    assert TRAIN.rpartition(" && ")[0] in CHINESE.splitlines()


@pytest.mark.parametrize("page", PAGES, ids=["english", "chinese"])
def test_windows_commands_are_the_others(page):
    """With this system's names for the same files, the last one prints the line that the page promises."""
    venv, install, compare = re.findall(r"^(?:py |\.venv\\).*", PAGES[page], re.MULTILINE)
    python = ".venv/Scripts/python"
    create, _, others = TRAIN.partition(" && ")
    assert venv.replace("py ", "python3 ") == create
    assert install.replace("\\", "/").replace(python + " -m ", "") in others
    log, _, last = compare.replace("\\", "/").replace(python, "python").partition(" | ")
    with open(str(LOGS / PRINTS[log][0]), "rb") as log:
        arguments = [sys.executable, *shlex.split(last)[1:]]
        lines = subprocess.run(
            arguments, cwd=str(ROOT), stdin=log, stdout=subprocess.PIPE
        ).stdout.splitlines()
    assert "`%s`" % lines[-1].decode() in PAGES[page]


def test_what_pip_is_told():
    """The extras are setup.py's; the old TensorFlows have the same constraints in .ci/versions."""
    setup, versions = ((ROOT / name).read_text("utf-8") for name in ("setup.py", ".ci/versions"))
    commands = {text for text in in_text() if " install " in text}
    assert len(commands) > 4
    for command in commands:
        options = [
            word for word in shlex.split(command)[2:] if word not in ("-i", "ADDRESS", "镜像地址", "-e")
        ]
        if options[0].startswith("."):
            extra = options[0][1:].strip("[]")
            assert not extra or '"%s": [' % extra in setup
        elif options[0].startswith("tensorflow"):
            _, version = options.pop(0).split("==")
            assert re.search(
                r"^%s +\S+ +%s$" % (re.escape(version), " ".join(options)), versions, re.MULTILINE
            )
        else:
            assert options in (["notebook"], ["numpy<2.4"])


def test_python_examples(capsys, printed):
    examples = re.findall(r"( *)```python\n(.*?)```", BOTH, re.DOTALL)
    first, mse = [re.sub("^" + indent, "", code, flags=re.MULTILINE) for indent, code in examples]
    log = printed("tensorflow-1.4.0.log").decode()
    exec(first, {})
    assert log.startswith(capsys.readouterr().out)
    exec(mse, {})
    out = capsys.readouterr().out
    assert log.endswith(out) and out.count("After") == 5


def test_what_importing_a_section_changes(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    for name in ("TF_XLA_FLAGS", "ONEDNN_DEFAULT_FPMATH_MODE"):
        monkeypatch.setenv(name, "mine")
    level = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.INFO)
    before = {**os.environ}
    runpy.run_path(runtime.__file__)  # TensorFlow itself is there already
    changed = {name for name in {*before, *os.environ} if before.get(name) != os.environ.get(name)}
    assert changed == {"CUDA_VISIBLE_DEVICES", "TF_XLA_FLAGS", "ONEDNN_DEFAULT_FPMATH_MODE"}
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "-1"
    assert tf.logging.get_verbosity() == tf.logging.ERROR == level
    assert not tf.executing_eagerly()


@pytest.mark.parametrize("page", PAGES, ids=["english", "chinese"])
def test_links_lead_somewhere(page):
    text = PAGES[page]
    links = re.findall(r"\]\(([^)]+)\)", text)
    for link in links:
        name, _, anchor = link.partition("#")
        if not name.startswith("https:"):
            target = page.parent / name if name else page
            assert target.exists()
            headings = re.findall(r"^#+ (.*)", PAGES[target.resolve()], re.MULTILINE) if anchor else []
            slugs = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]
            assert not anchor or anchor in slugs
    for path in (ROOT / "chapter4").glob("section_*.py"):
        assert [(page.parent / link).resolve() for link in links].count(path.resolve()) == 1
    assert README.startswith("[中文说明") and "(chapter4/README.md)" in README.splitlines()[0]


def test_the_logs_named_are_there():
    names = set(re.findall(r"[\w.-]+\.log\b", BOTH)) - {"my.log", "other.log", "tf.log"}
    assert names and all((LOGS / name).is_file() for name in names)


def test_eleven_of_36_numbers_differ(printed):
    article, companion = (printed_log.read(printed(name)) for name in ("article.log", "companion.log"))
    compared = verdict.compare(article, companion)
    assert sum(len(c.numbers) for c in compared) == 36
    assert sum(len(verdict.differing(c.numbers)) for c in compared) == 11


def verdicts(known, printed):
    """What compare_logs.py says at the end about the logs of the Chinese page's tables."""
    article = printed("article.log")
    first, second = b"[loss_less=10 loss_more=1]", b"[loss_less=1 loss_more=10]"
    logs = [
        *map(printed, known.values()),
        article[: article.index(b"After 0", 1)],  # the first experiment
        article.replace(b"2.13854504", b"2.13854575"),
        article.replace(b"2.13854504", b"2.14854504"),
        article.replace(first, b"").replace(second, first),
    ]
    for line in (b"After 500 steps, w1: [1.5 2.5]", b"Final w1: [1.5 2.5]"):
        logs.append(article.replace(b"After 1000", line + b"\nAfter 1000", 1))
    logs += [
        b"Final w1 is: [1.01934707 1.04380913]",
        article.replace(b"1.04280913", b"1.5"),
        b"Final w1 is: [-0.81031823 1.4855988]",
    ]
    start = np.array(printed_log.START)
    for w1 in (start, start + 0.01, start + 5e-6, start + [0.001, -0.001], [0.5, 0.2]):
        logs.append(b"After 0 training step(s), w1 is: \n[[%.8f]\n [%.8f]]" % tuple(w1))
    logs.append(b"After 0 training step(s), w1 is: \n[[-0.8113]\n [1.4846]]")
    known = {name: printed_log.read(printed(log)) for name, log in known.items()}
    other = {"the printed log": known["the article's log"]}
    return [verdict.judge(printed_log.read(log), by)[0] for log in logs for by in (known, other)]


def test_the_verdicts_explained_are_real(script, printed):
    tables = CHINESE[
        CHINESE.index("| 结论 |") : CHINESE.index("`python scripts/compare_logs.py my.log other.log`")
    ]
    explained = re.findall(r"^\| `(.*?)` \|", tables, re.MULTILINE)
    assert len(explained) == 25
    real = verdicts(script("compare_logs").KNOWN, printed)
    for words in explained:
        pattern = re.escape(words).replace("…", ".*")
        assert any(re.search(pattern, line) for line in real), words


def test_the_english_explained_is_the_sections():
    table = CHINESE.partition("| 英文 |")[2].partition("\n\n")[0]
    said = re.findall(r"^\|[^|]*\| (`.*?`) \|", table, re.MULTILINE)
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "chapter4").glob("section_*.py"))
    words = [word for cell in said for word in cell.strip("`").split("`、`")]
    assert len(words) > 8
    for word in words:
        assert re.sub(r"\d+", "%d", word) in re.sub(r"\d+", "%d", sources), word


def test_the_errors_explained_are_real():
    def error_of(function, *arguments):
        with pytest.raises(Exception) as error:
            function(*arguments)
        return str(error.value)

    errors = [error_of(compile, 'print "old"', "listing", "exec").partition(".")[0]]
    if sys.version_info >= (3, 9):
        errors.append(error_of(compile, "f(a，b)", "listing", "exec").partition(" (<")[0].partition(" (l")[0])
    if tensorflow.__version__.startswith("2"):
        errors += [error_of(getattr, tensorflow, name) for name in ("placeholder", "contrib")]
    if tuple(map(int, np.__version__.split(".")[:2])) >= (2, 4):
        errors.append(error_of(float, np.zeros(1)))
    with tf.Graph().as_default(), tf.Session() as sess:
        error = error_of(sess.run, tf.Variable(1.0, use_resource=False))
    errors.append(re.search("Attempting to use uninitialized value", error).group())
    errors += [
        error_of(importlib.import_module, "numpy_").replace("numpy_", name)
        for name in ("tensorflow", "numpy")
    ]
    assert [error for error in errors if "`%s`" % error not in CHINESE] == []


@pytest.mark.parametrize("page", PAGES, ids=["english", "chinese"])
def test_the_worked_example(page):
    """0.232974276 * -10 + 1.06230652 of the step printed as 1000, by NumPy."""
    a, b, c = np.float32(0.232974276), np.float32(-10), np.float32(1.06230652)
    twice, exact = np.float32(a * b) + c, np.float64(a) * np.float64(b)
    once = np.float32(exact + np.float64(c))
    row_twice, row_once = ("%.9g" % np.float32(a * b), "%.9g" % twice), ("%.15g" % exact, "%.9g" % once)
    assert "| %s | %s… |" % (row_twice[0], row_once[0]) in PAGES[page]
    assert "| %s | %s |" % (row_twice[1], row_once[1]) in PAGES[page]
