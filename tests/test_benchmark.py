"""The ratios that benchmark.py prints, by times that are known."""

import os


def test_ratios(script, monkeypatch, capsys):
    """Half the wall time and a quarter of the CPU time of the first."""
    benchmark = script("benchmark")
    monkeypatch.setitem(benchmark.compare.__globals__, "times", lambda run: run())
    monkeypatch.setitem(benchmark.compare.__globals__, "UNITS", ("wall", "CPU"))
    benchmark.compare(lambda: (2.0, 4.0), ours=lambda: (1.0, 1.0))
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert lines == [["ours", "wall", "0.50 (0.50 to 0.50)"], ["ours", "CPU", "0.25 (0.25 to 0.25)"]]


def test_times_count_the_child_processes(script):
    benchmark = script("benchmark")
    wall, cpu = benchmark.times(benchmark.process("-c", "sum(range(3000000))"))
    assert wall > 0 and (cpu > 0 or os.name != "posix")
