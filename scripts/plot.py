"""Draws the chapter: each picture as PNG and as SVG, in a new folder.

Example: python scripts/plot.py pictures
Arguments: DIR
"""

import contextlib
import functools
import importlib.util
import logging
import os
import re
import sys

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import LOGS, command_line

del sys.path[0]
if not importlib.util.find_spec("matplotlib"):
    command_line.refuse('matplotlib is needed: pip install -e ".[plot]"')

from chapter4 import runtime
from chapter4 import section_4_1_2_activation_functions as section_4_1_2
from chapter4 import section_4_1_3_xor as section_4_1_3
from chapter4 import section_4_2_2_custom_loss as section_4_2_2
from chapter4 import section_4_4_1_learning_rate as section_4_4_1
from chapter4 import section_4_4_2_regularization as section_4_4_2
from chapter4 import section_4_4_3_moving_average as section_4_4_3

import numpy as np
import tensorflow.compat.v1 as tf

logging.disable()  # words about fonts
from matplotlib import cycler, rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import FontManager, FontProperties

CHINESE = ["Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei"]
CHINESE += ["WenQuanYi Micro Hei", "PingFang SC", "Heiti SC", "Microsoft YaHei", "SimHei"]
CHINESE_FONT = None  # or the file of one
with contextlib.suppress(ValueError):  # a new list: matplotlib's own may be older than the font
    CHINESE_FONT = FontManager().findfont(FontProperties(family=CHINESE), fallback_to_default=False)
logging.disable(logging.NOTSET)

# Distinguishable in grey print and to colour-blind readers. C0, C1 and C2 are the colours of the cycle.
STYLES = ["C0-o", "C1--s", "C2:^"]
SETTINGS = {
    "axes.prop_cycle": cycler(color=["#0072B2", "#D55E00", "#000000"]),
    "lines.linewidth": 1.8,
    "svg.hashsalt": "chapter4",  # the same bytes each time
}
EXPERIMENTS = {
    "loss_less=10, loss_more=1": {"loss_less": 10, "loss_more": 1},
    "loss_less=1, loss_more=10": {"loss_less": 1, "loss_more": 10},
    "mean squared error": {"mse": True},
}


def main(dir, steps=None):
    """Draws every picture; steps, if given, stands for the book's number of training steps."""
    command_line.new_folder(dir)
    with rc_context(SETTINGS):
        for draw in (activation_functions, losses, learning_rate, moving_average):
            save(draw(), os.path.join(dir, draw.__name__))
        for draw in (xor, w1_by_step, w1_paths, regularization):
            save(draw(steps) if steps else draw(), os.path.join(dir, draw.__name__))


def save(figure, path):
    for suffix, metadata in [(".png", {"Software": None}), (".svg", {"Date": None})]:
        figure.savefig(path + suffix, metadata=metadata, dpi=120)
        print(path + suffix)


def subplots(heading, xlabel, ylabel, titles=("",)):
    """A figure and its axes, one for each title. The heading keeps its Chinese where a font has it."""
    figure = Figure({1: (7, 4.5), 2: (9, 4.5), 3: (12, 4)}[len(titles)], constrained_layout=True)
    if not CHINESE_FONT:
        heading = re.sub(" [\u4e00-\u9fff]+", "", heading)
    figure.suptitle(heading, fontproperties=FontProperties(fname=CHINESE_FONT, size="large"))
    axes = figure.subplots(1, len(titles), sharey=True, squeeze=False)[0]
    for axis, title in zip(axes, titles):
        axis.set(title=title, xlabel=xlabel)
    axes[0].set_ylabel(ylabel)
    return figure, axes


@contextlib.contextmanager
def session(build_graph, **options):
    """A Session with a fresh graph, initialised, and the graph's parts."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph(**options)
        sess.run(tf.global_variables_initializer())
        yield sess, graph


def activation_functions():
    figure, [axis] = subplots("4.1.2 激活函数实现去线性化: three activation functions", "input", "output")
    x = np.linspace(-4, 4, 161)
    with tf.Graph().as_default(), runtime.Session() as sess:
        for (name, activation), style in zip(section_4_1_2.ACTIVATIONS, STYLES):
            axis.plot(x, sess.run(activation(x)), style, markevery=20, label=name)
    axis.set_ylim(-1.3, 2.5)
    axis.legend()
    return figure


def xor(steps=1000):
    heading = "4.1.3 多层网络解决异或运算: the output y after %d steps" % steps
    figure, axes = subplots(heading, "x1", "x2", ["hidden nodes: 0", "hidden nodes: 2"])
    x1, x2 = np.meshgrid(np.linspace(-0.5, 1.5, 81), np.linspace(-0.5, 1.5, 81))
    for axis, hidden in zip(axes, [0, 2]):
        with session(section_4_1_3.build_graph, hidden=hidden) as (sess, graph):
            for _ in range(steps):
                sess.run(graph.train_step, feed_dict={graph.x: section_4_1_3.X, graph.y_: section_4_1_3.Y})
            y = sess.run(graph.y, feed_dict={graph.x: np.c_[x1.ravel(), x2.ravel()]}).reshape(x1.shape)
        shades = axis.pcolormesh(x1, x2, y, cmap="cividis", vmin=0, vmax=1, shading="auto", rasterized=True)
        for point, [right] in zip(section_4_1_3.X, section_4_1_3.Y):
            axis.plot(*point, "s" if right else "o", color="white", markeredgecolor="black", markersize=16)
            axis.text(*point, right, ha="center", va="center_baseline")
    figure.colorbar(shades, ax=axes, label="colour: the output y; number: the right answer")
    return figure


def losses():
    heading = "4.2.2 自定义损失函数: the loss of one prediction"
    figure, [axis] = subplots(heading, "prediction y, where y_ = 1 is right", "loss")
    y = np.linspace(-1, 3, 81)
    for (name, options), style in zip(EXPERIMENTS.items(), STYLES):
        with session(section_4_2_2.build_graph, **options) as (sess, graph):
            loss = [sess.run(graph.loss, feed_dict={graph.y: [[v]], graph.y_: [[1]]}) for v in y]
        axis.plot(y, loss, style, markevery=8, label=name)
    axis.set_ylim(-0.5, 12.5)
    axis.legend()
    return figure


@functools.lru_cache(maxsize=None)
def train(name, steps):
    """w1 after each step of the experiment, [steps, 2]."""
    X, Y = section_4_2_2.make_data()
    w1 = []
    with session(section_4_2_2.build_graph, **EXPERIMENTS[name]) as (sess, graph):
        for i in range(steps):
            batch = slice(i * 8 % 128, i * 8 % 128 + 8)
            sess.run(graph.train_step, feed_dict={graph.x: X[batch], graph.y_: Y[batch]})
            w1.append(sess.run(graph.w1)[:, 0])
    return np.array(w1)


def w1_by_step(steps=5000):
    heading = "4.2.2 自定义损失函数: w1 while it is trained; marks are the article's printed numbers"
    figure, axes = subplots(heading, "training step", "w1", EXPERIMENTS)
    printed = re.findall(r"-?\d\.\d+", (LOGS / "article.log").read_text())
    for axis, name, marks in zip(axes, EXPERIMENTS, np.float64(printed).reshape(3, 6, 2)):
        w1 = train(name, steps)
        for index, line, mark in [(0, "C0-", "C0o"), (1, "C1--", "C1s")]:
            axis.plot(w1[:, index], line, label="w1[%d]" % index)
            axis.plot([0, 1000, 2000, 3000, 4000, 4999], marks[:, index], mark, fillstyle="none")
        axis.legend()
    return figure


def w1_paths(steps=5000):
    heading = "4.2.2 自定义损失函数: the path of w1 over the loss of all 128 examples"
    figure, axes = subplots(heading, "w1[0]", "w1[1]", EXPERIMENTS)
    X, Y = section_4_2_2.make_data()
    first, second = np.meshgrid(np.linspace(-1, 1.5, 41), np.linspace(0.5, 2.5, 41))
    predictions = [X @ [[a], [b]] for a, b in zip(first.ravel(), second.ravel())]
    for axis, (name, options) in zip(axes, EXPERIMENTS.items()):
        with session(section_4_2_2.build_graph, **options) as (sess, graph):
            loss = [sess.run(graph.loss, feed_dict={graph.y: y, graph.y_: Y}) for y in predictions]
        levels = np.geomspace(min(loss) * 1.2, max(loss), 10)
        lines = axis.contour(first, second, np.reshape(loss, (41, 41)), levels, colors="0.6", linewidths=1)
        axis.clabel(lines, lines.levels[2:], fmt="%.3g", fontsize=7, colors="0.3")
        w1 = train(name, steps)
        axis.plot(*w1.T, "C0-", label="w1, %d steps" % steps)
        axis.plot(*w1[0], "C0o", label="first")
        axis.plot(*w1[-1], "C1*", markersize=12, label="last")
    axes[2].legend(loc="upper left", bbox_to_anchor=(1, 1))  # off the contours' numbers
    return figure


def learning_rate():
    heading = "4.4.1 学习率的设置: x while it is trained; marks are the printed numbers"
    titles = ["learning rate 1", "learning rate 0.001", "learning rate 0.1, decaying"]
    figure, axes = subplots(heading, "training step", "x, where y = x² is to be made small", titles)
    printed = re.findall(r"x(\d+) is (-?\d\.\d+)", (LOGS / "companion-4.4.1-learning-rate.log").read_text())
    runs = [(1, False, 10), (0.001, False, 1000), (0.1, True, 100)]
    for axis, (rate, decay, steps), marks in zip(axes, runs, np.float64(printed).reshape(3, 10, 2)):
        with session(section_4_4_1.build_graph, learning_rate=rate, decay=decay) as (sess, graph):
            x = [sess.run(graph.x)]
            for _ in range(steps):
                sess.run(graph.train_op)
                x.append(sess.run(graph.x))
        axis.plot(x, "C0-")
        axis.plot(*marks.T, "C1o", fillstyle="none")
    return figure


def regularization(steps=40000):
    heading = f"4.4.2 过拟合问题: the boundary after {steps:,} steps"
    figure, axes = subplots(heading, "x1", "x2", ["mse_loss alone", "with regularization"])
    data, label = section_4_4_2.make_data()
    for axis, regularized in zip(axes, [False, True]):
        with session(section_4_4_2.build_graph, regularized=regularized) as (sess, graph):
            for _ in range(steps):
                sess.run(graph.train_op, feed_dict={graph.x: data, graph.y_: label})
            xx, yy = np.mgrid[-1.2:1.2:0.01, -0.2:2.2:0.01]  # the page's grid
            probs = sess.run(graph.y, feed_dict={graph.x: np.c_[xx.ravel(), yy.ravel()]}).reshape(xx.shape)
        axis.contourf(xx, yy, probs, levels=[-np.inf, 0.5, np.inf], colors=["#BBD6EA", "#FBF0E8"])
        axis.contour(xx, yy, probs, levels=[0.5], colors="black")
        axis.plot(*data[label[:, 0] == 0].T, "C0o", markersize=5, label="y_ = 0")
        axis.plot(*data[label[:, 0] == 1].T, "C1s", markersize=5, fillstyle="none", label="y_ = 1")
        axis.set_aspect("equal")
    axes[1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def moving_average():
    heading = "4.4.3 滑动平均模型: an average with decay 0.99 and its variable"
    figure, [axis] = subplots(heading, "updates of the average", "value")
    printed = re.findall(r", (.*)]", (LOGS / "companion-4.4.3-moving-average.log").read_text())
    with session(section_4_4_3.build_graph) as (sess, graph):
        both = [graph.v1, graph.ema.average(graph.v1)]
        values = [sess.run(both)]
        for step, v1, updates in [(0, 5, 1), (10000, 10, 400)]:  # the page stops after 2 of the 400
            sess.run([tf.assign(graph.step, step), tf.assign(graph.v1, v1)])
            for _ in range(updates):
                sess.run(graph.maintain_averages_op)
                values.append(sess.run(both))
    v1, average = zip(*values)
    axis.plot(v1, "C1--", drawstyle="steps-post", label="v1")
    axis.plot(average, "C0-", label="average of v1")
    axis.plot(np.float64(printed), "C2o", fillstyle="none", clip_on=False, label="printed average")
    axis.set(xscale="symlog", xlim=(0, None))
    axis.xaxis.set_major_formatter("{x:g}")
    axis.legend()
    return figure


if __name__ == "__main__":
    command_line.run(main)
