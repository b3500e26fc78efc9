"""How a command starts and ends: in a process of its own, and where somebody else owns the process."""

import errno
import gc
import os
import runpy
import signal
import subprocess
import sys
import warnings
from pathlib import Path

from chapter4 import command_line

import pytest
from conftest import ROOT, posix

SMALL = """
import os, sys
from chapter4 import command_line
def main():
    {}
command_line.run(main)
"""


@pytest.fixture
def small(tmp_path, command):
    """small(body of main, …): the finished process of that command, which needs no TensorFlow."""

    def run(body, **options):
        (tmp_path / "small.py").write_text(SMALL.format(body))
        return command(str(tmp_path / "small.py"), **options)

    return run


@pytest.mark.parametrize("status", [0, 3])
def test_exit_status_is_mains(status, small):
    """What is registered runs at exit."""
    at_exit = "import atexit; atexit.register(print, 'at exit', end=''); "
    process = small(at_exit + "print('done'); return %d" % status)
    assert (process.returncode, process.out, process.err) == (status, b"done\nat exit", b"")


def test_python_does_not_take_apart_what_is_imported(small):
    kept = (
        "import builtins; builtins.kept = type('Kept', (), {'__del__': lambda self: print('taken apart')})()"
    )
    assert small(kept).out == b""


def test_in_somebodys_process_what_is_registered_last_runs(small):
    """Where stdout is not the process's own, the process is not ended at once."""
    kept = (
        "import builtins; builtins.kept = type('Kept', (), {'__del__': lambda self: os.write(1, b'end')})()"
    )
    somebodys = "; import io; sys.stdout = io.TextIOWrapper(open(os.devnull, 'wb'))"
    assert small(kept + somebodys).out == b"end"


def test_stderr_is_what_it_is(small):
    process = small("sys.stderr.write('progress'); sys.stderr.flush(); os.write(2, b' of C++')")
    assert (process.returncode, process.err) == (0, b"progress of C++")


def test_warnings_are_not_shown(small):
    assert small("import warnings; warnings.warn('old code')").err == b""


def test_an_error_has_its_traceback(small):
    process = small("1 / 0")
    assert process.returncode == 1
    assert process.err.startswith(b"Traceback")
    assert process.err.endswith(b"ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_the_same_bytes_in_every_locale(encoding, small):
    process = small("print('line'); print('\\xb2')", env={"PYTHONIOENCODING": encoding})
    line, sign = process.out.split(b"\n", 1)
    assert (process.returncode, process.err, line) == (0, b"", b"line")
    assert sign == (b"\\xb2\n" if encoding != "utf-8" else "\xb2\n".encode())


@posix
def test_a_closed_pipe_ends_it_quietly(small):
    process = small("while True: print('line')", wait=False)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == -signal.SIGPIPE  # 141 in a shell


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_closed_pipe_without_a_signal_for_it(number, small):
    """As on Windows."""
    no_signal = "import signal; vars(signal).pop('SIGPIPE', None); print('line'); "
    process = small(no_signal + "raise OSError(%d, 'closed')" % number)
    assert (process.returncode, process.out, process.err) == (1, b"line\n", b"")
    process = small(no_signal + "raise OSError(%d, 'a name', 'of a file')" % number)
    assert process.returncode == 1 and process.err.startswith(b"Traceback")


@posix
def test_ctrl_c_is_quiet(small):
    process = small("print('started'); sys.stdin.read()", stdin=subprocess.PIPE, wait=False)
    assert process.stdout.readline() == b"started\n"  # at once: the process waits for its input
    process.send_signal(signal.SIGINT)
    assert process.communicate() == (b"", b"")
    assert process.returncode == -signal.SIGINT  # 130 in a shell


@posix
def test_an_ignored_ctrl_c_stays_ignored(small):
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    process = small("os.kill(os.getpid(), 2); print('goes on')", **ignore)
    assert (process.returncode, process.out, process.err) == (0, b"goes on\n", b"")


@posix
def test_closed_standard_streams(small):
    process = small("print('line')", preexec_fn=lambda: os.close(2))
    assert (process.returncode, process.out) == (0, b"line\n")
    process = small("print('line')", preexec_fn=lambda: os.close(1))
    assert process.returncode == 2
    assert process.err == b"small.py: error: standard output is closed\n"


def state():
    """What a command might change of somebody's process."""
    return (
        [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        [sys.stdout, sys.stderr, sys.argv, list(sys.path), sys.modules["__main__"], print],
        list(warnings.filters),
        [gc.isenabled(), gc.get_threshold()],
        dict(os.environ),
    )


@pytest.mark.parametrize("arguments, status", [([], None), (["--steps", "0"], 2), (["--help"], 0)])
def test_in_somebodys_process_nothing_is_changed(arguments, status, called, capsys, monkeypatch):
    """capsys has replaced sys.stdout, as Jupyter, IDLE and Spyder do."""
    monkeypatch.setattr(gc, "freeze", pytest.fail)  # conftest's own hides the count
    monkeypatch.setattr(sys, "argv", ["command", *arguments])
    before = state()
    assert called(lambda: None, "--steps", arguments) == status
    assert state() == before


def test_in_somebodys_process_a_section_changes_nothing(monkeypatch, capsys):
    """A section in __main__, as %run has it."""
    path = str(ROOT / "chapter4" / "section.py")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", path, raising=False)
    monkeypatch.setattr(sys.modules["__main__"], "__doc__", "4.1\n\nExample: python -m section")
    monkeypatch.setattr(gc, "freeze", pytest.fail)
    before = state()
    runpy.run_path(str(ROOT / "chapter4" / "command_line.py"))
    assert state() == before


@posix
def test_an_interrupt_reaches_somebodys_process(monkeypatch):
    def main():
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(sys, "argv", ["command"])
    with pytest.raises(KeyboardInterrupt):
        command_line.run(main)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--steps", "0"],
        ["--steps", "2.5"],
        ["--steps", "many"],
        ["--every", "-1"],
        ["--every", ""],
        ["--steps"],
        ["--step", "5"],
        ["--arithmetic", "exact"],
        ["article.log"],
        ["--loss-less", "1"],
        ["--loss-more", "1"],
        ["--mse", "--loss-less", "1", "--loss-more", "1"],
        ["--loss-less", "0", "--loss-more", "1e-60"],
        ["--loss-less", "0", "--loss-more", "0"],
        ["--loss-less", "-1", "--loss-more", "1"],
        ["--loss-less", "nan", "--loss-more", "1"],
        ["--loss-less", "1", "--loss-more", "inf"],
        ["--loss-less", "1", "--loss-more", "3.41e38"],
        ["--loss-less", "1", "--loss-more", "ten"],
    ],
)
def test_bad_input_is_one_line(arguments, refused):
    refused(pytest.fail, "--loss-less --loss-more --mse --arithmetic --steps --every", arguments)


@pytest.mark.parametrize("name", ["\ud800.log", "a\0b"])
def test_what_is_no_name_of_a_file_is_one_line(name, refused):
    refused(lambda run: command_line.contents(run), "RUN", [name])
    refused(lambda dir: command_line.new_folder(dir), "DIR", [name])


@pytest.mark.parametrize("typed, weight", [("10", "10"), ("10.0", "10.0"), ("0", "0"), ("1e-3", "0.001")])
def test_a_weight_is_as_typed_in(typed, weight, called):
    given = []
    options = ["--loss-less", typed, "--loss-more", "1"]
    called(lambda **options: given.append(options), "--loss-less --loss-more", options)
    assert str(given[0]["loss_less"]) == weight


@pytest.mark.parametrize("folder", ["mine", "mine/kept.txt"])
def test_nothing_is_overwritten(folder, refused, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "kept.txt").write_text("kept")
    err = refused(lambda dir: command_line.new_folder(dir), "DIR", [str(tmp_path / folder)])
    assert str(Path(folder)) in err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["kept.txt"]
    assert (tmp_path / "mine" / "kept.txt").read_text() == "kept"


@pytest.mark.parametrize("name", ["run_all", "run_listing", "compare_logs", "plot"])
def test_a_script_leaves_the_path_as_it_was(name):
    if name == "plot":
        pytest.importorskip("matplotlib")
    before = list(sys.path)
    runpy.run_path(str(ROOT / "scripts" / (name + ".py")))
    assert sys.path == before


@posix
@pytest.mark.parametrize("name", ["run_all", "run_listing", "compare_logs", "plot"])
def test_a_script_by_a_link(name, command, tmp_path):
    (tmp_path / "link.py").symlink_to(ROOT / "scripts" / (name + ".py"))
    process = command(str(tmp_path / "link.py"), "--help", env={"PYTHONPATH": ""})
    assert (process.returncode, process.err) == (0, b"")


def test_a_command_under_a_profiler_has_its_arguments(command, tmp_path):
    source = SMALL.format("print(steps)").replace("main():", "main(steps):")
    (tmp_path / "small.py").write_text('"""Small.\n\nArguments: --steps\n"""' + source)
    profiler = ["-m", "cProfile", "-o", os.devnull]
    process = command(str(tmp_path / "small.py"), "--steps", "3", python=profiler)
    assert (process.returncode, process.out, process.err) == (0, b"3\n", b"")


@pytest.mark.parametrize(
    "path, doc",
    [
        (ROOT / "scripts" / "mine.py", "Mine."),
        (ROOT.parent / "mine.py", "Mine.\n\nExample: python mine.py --mine"),
    ],
)
def test_a_script_of_the_readers_own_keeps_its_arguments(path, doc, monkeypatch):
    """Wherever it lies, and whatever of the chapter it imports."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(path), raising=False)
    monkeypatch.setattr(sys.modules["__main__"], "__doc__", doc)
    monkeypatch.setattr(sys, "argv", ["mine.py", "--mine"])
    monkeypatch.setattr(sys, "__stdout__", sys.stdout)
    monkeypatch.setattr(command_line.signal, "signal", pytest.fail)
    runpy.run_path(str(ROOT / "chapter4" / "command_line.py"))


COMMANDS = [*(ROOT / "scripts").glob("*.py"), *(ROOT / "chapter4").glob("section_*.py")]


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_command_answers_before_it_imports_tensorflow(path, command, stand_in):
    options = {"env": {"PYTHONIOENCODING": "ascii"}, "path": [stand_in("raise Exception('imported')")]}
    process = command(str(path), "--help", **options)
    assert (process.returncode, process.err) == (0, b"")
    assert b"Example: python " in process.out and path.stem.encode() in process.out
    if path.parent.name == "scripts":  # for sections it is the same line of code
        process = command(str(path), "--wrong", **options)
        assert (process.returncode, process.out) == (2, b"")
        assert process.err.startswith(b"%s: error: " % path.name.encode()) and process.err.count(b"\n") == 1
