"""How a command ends, by a small one with a stand-in for TensorFlow."""

import os

import pytest

TENSORFLOW = """
__version__ = "2.99.0"
class logging:
    ERROR, set_verbosity = 0, lambda level: None
import os, sys
os.write(2, b"chatter of the kernels\\n")
sys.stderr and sys.stderr.write("chatter of Python\\n")
"""
SMALL = """
import os, sys
from chapter4 import command_line
from chapter4.printed_log import print
def main():
    os.write(2, b"more chatter\\n")
    {}
command_line.run(main)
"""


@pytest.fixture
def small(tmp_path, command, stand_in):
    """small(body of main, …): the finished process of that command."""
    tensorflow = stand_in("", TENSORFLOW)

    def run(body, **options):
        (tmp_path / "small.py").write_text(SMALL.format(body))
        return command(str(tmp_path / "small.py"), path=[tensorflow], **options)

    return run


def test_a_good_run_is_silent(small):
    process = small("print('done')")
    assert (process.returncode, process.out, process.err) == (0, b"done\n", b"")


def test_python_reaches_stderr(small):
    process = small("sys.stderr.write('progress')")
    assert (process.returncode, process.err) == (0, b"progress")


def test_an_error_comes_after_what_was_held_back(small):
    process = small("1 / 0")
    assert process.returncode == 1
    assert process.err.startswith(b"chatter of the kernels\nchatter of Python\nmore chatter\nTraceback")
    assert process.err.endswith(b"ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize("death", ["os.abort()", "os.kill(os.getpid(), 9)"])
def test_a_crash_loses_nothing(death, small):
    process = small(death)
    assert process.returncode < 0
    assert process.err == b"chatter of the kernels\nchatter of Python\nmore chatter\n"


@pytest.mark.parametrize("status", [0, 3])
def test_exit_status_is_mains(status, small):
    process = small("return %d" % status)
    assert (process.returncode, process.err) == (status, b"")


def test_a_closed_pipe_ends_it_quietly(small):
    process = small("while True: print('line')", wait=False)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_one_line(small):
    with open("/dev/full", "w") as full:
        process = small("print('line')", stdout=full)
    assert process.returncode == 1
    assert process.err == b"cannot write to standard output: No space left on device\n"


def test_ctrl_c_is_quiet(small):
    process = small("print('started'); import time; time.sleep(60)", wait=False)
    process.stdout.readline()
    process.send_signal(2)
    assert process.communicate() == (b"", b"")
    assert process.returncode == 130


def test_closed_standard_streams(small):
    process = small("print('line')", preexec_fn=lambda: os.close(2))
    assert (process.returncode, process.out) == (0, b"line\n")
    process = small("print('line')", preexec_fn=lambda: os.close(1))
    assert process.returncode == 2
    assert process.err == b"small.py: error: standard output is closed\n"


def test_progress_on_a_terminal_gives_way_to_the_lines(small):
    """Ended by Ctrl-C or not, all that stays on the terminal is what was printed."""
    body = "[print('step %d of many, many more' % i) for i in command_line.progress(5) if i % 3 == 0]"
    for end, status in ("", 0), ("; [os.kill(os.getpid(), 2) for i in command_line.progress(5)]", 130):
        keyboard, terminal = os.openpty()
        assert small(body + end, stdout=terminal, stderr=terminal).returncode == status
        text = os.read(keyboard, 10000).decode().replace("\r\033[K", "\r" + " " * 80 + "\r")
        os.close(terminal)
        os.close(keyboard)
        assert "[####      ] 40 %\r" in text
        lines, column = [""], 0
        for character in text:
            if character == "\r":
                column = 0
            elif character == "\n":
                lines.append("")
            else:
                lines[-1] = lines[-1][:column] + character + lines[-1][column + 1 :]
                column += 1
        assert [line.strip() for line in lines] == [
            "step 0 of many, many more",
            "step 3 of many, many more",
            "",
        ]


def test_progress_elsewhere_is_silent(small):
    process = small("print(list(command_line.progress(200)) == list(range(200)))")
    assert (process.returncode, process.out, process.err) == (0, b"True\n", b"")
