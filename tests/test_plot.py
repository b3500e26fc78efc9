import xml.etree.ElementTree

import numpy as np
import pytest

PICTURES = [
    "activation_functions",
    "learning_rate",
    "losses",
    "moving_average",
    "regularization",
    "w1_by_step",
    "w1_paths",
    "xor",
]


def test_every_picture_is_there_and_not_blank(pictures):
    image = pytest.importorskip("matplotlib.image")
    process, folder = pictures()
    assert (process.returncode, process.out, process.err) == (0, b"", b"")
    files = sorted(path.name for path in folder.iterdir())
    assert files == sorted(name + suffix for name in PICTURES for suffix in (".png", ".svg"))
    for name in PICTURES:
        pixels = image.imread(str(folder / (name + ".png")))
        colours = pixels[:, :, :3] @ np.array([1, 256, 65536])  # a number for each
        assert min(pixels.shape[:2]) > 300 and len(np.unique(colours)) > 50
        svg = xml.etree.ElementTree.parse(str(folder / (name + ".svg")))
        assert len(list(svg.iter("{http://www.w3.org/2000/svg}path"))) > 20


def test_a_folder_with_files_is_refused(command, tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    process = command("scripts/plot.py", ".")
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.startswith(b"plot.py: error: . is not empty") and process.err.count(b"\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_without_matplotlib_it_says_what_to_install(command, tmp_path):
    (tmp_path / "matplotlib.py").write_text("raise ModuleNotFoundError('none', name='matplotlib')")
    process = command("scripts/plot.py", "pictures", path=[str(tmp_path)])
    assert (process.returncode, process.out) == (2, b"")
    assert process.err == b"plot.py: error: matplotlib is needed: pip install matplotlib\n"
