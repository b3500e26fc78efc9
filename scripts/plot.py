"""Draws the chapter: each picture as PNG and as SVG, in a new folder.

Example: python scripts/plot.py pictures
"""

import functools
import logging
import os
import re
import sys

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import command_line, runtime  # noqa: E402

EXPERIMENTS = [
    ("loss_less=10, loss_more=1", {"loss_less": 10, "loss_more": 1}),
    ("loss_less=1, loss_more=10", {"loss_less": 1, "loss_more": 10}),
    ("mean squared error", {"mse": True}),
]
# Told apart by dashes and marks in grey, and by colours that the colour-blind tell apart.
STYLES = [
    {"color": "#0072B2", "linestyle": "-", "marker": "o"},
    {"color": "#D55E00", "linestyle": "--", "marker": "s"},
    {"color": "#000000", "linestyle": ":", "marker": "^"},
]
CHINESE_FONTS = (
    "Noto Sans CJK SC, Noto Sans CJK JP, Source Han Sans SC, WenQuanYi Zen Hei, WenQuanYi Micro Hei, "
    "PingFang SC, Heiti SC, Microsoft YaHei, SimHei, Arial Unicode MS"
).split(", ")


def main(dir):
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its font cache
    try:
        import matplotlib
    except ModuleNotFoundError:
        command_line.refuse("matplotlib is needed: pip install matplotlib")
    runtime.start()
    matplotlib.use("Agg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.hashsalt": "chapter4", "savefig.dpi": 120, "lines.linewidth": 1.8})
    for draw in (
        activation_functions,
        xor,
        losses,
        w1_by_step,
        w1_paths,
        learning_rate,
        regularization,
        moving_average,
    ):
        figure = draw(pyplot)
        for suffix, metadata in ((".png", {"Software": None}), (".svg", {"Date": None})):
            figure.savefig(os.path.join(dir, draw.__name__ + suffix), metadata=metadata)
        pyplot.close(figure)


def title(figure, number, chinese, text):
    """A heading, with the book's Chinese one where a font for it is installed."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [font for font in CHINESE_FONTS if font in installed]
    if fonts:
        figure.suptitle("%s %s: %s" % (number, chinese, text), fontfamily=fonts[0])
    else:
        figure.suptitle("%s: %s" % (number, text))


def session(build_graph, **options):
    """A Session with a fresh graph, initialised, and the graph's parts."""
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as tf_graph:
        graph = build_graph(**options)
        sess = tf.Session(graph=tf_graph, config=runtime.config())
        sess.run(tf.global_variables_initializer())
    return sess, graph


def losses(plt):
    import numpy as np

    from chapter4 import section_4_2_2_custom_loss as section

    figure, axes = plt.subplots(figsize=(7, 4.5), constrained_layout=True)
    title(figure, "4.2.2", "自定义损失函数", "the loss of one prediction")
    y = np.linspace(-1, 3, 81)
    for (label, options), style in zip(EXPERIMENTS, STYLES):
        sess, graph = session(section.build_graph, **options)
        with sess:
            loss = [sess.run(graph.loss, feed_dict={graph.y: [[v]], graph.y_: [[1]]}) for v in y]
        axes.plot(y, loss, label=label, markevery=8, **style)
    axes.set(xlabel="prediction y, where y_ = 1 is right", ylabel="loss", ylim=(-0.5, 12))
    axes.legend()
    return figure


def w1_by_step(plt):
    from chapter4 import printed_log

    printed = printed_log.read((printed_log.LOGS / "article.log").read_bytes())
    figure, axes = plt.subplots(1, 3, figsize=(12, 4), sharey=True, constrained_layout=True)
    title(
        figure, "4.2.2", "自定义损失函数", "w1 while it is trained; marks are the article's printed numbers"
    )
    for axis, (label, options), experiment in zip(axes, EXPERIMENTS, printed):
        w1 = trained(**options)
        for index in (0, 1):
            style = dict(STYLES[index])
            marker = style.pop("marker")
            axis.plot(range(len(w1)), w1[:, index], label="w1[%d]" % index, **style)
            marks = {step: number for (step, i), number in experiment.w1.items() if i == index}
            steps = [len(w1) - 1 if step == "Final" else step for step in marks]
            axis.plot(steps, list(map(float, marks.values())), marker, color=style["color"], fillstyle="none")
        axis.set(title=label, xlabel="training step")
        axis.legend()
    axes[0].set_ylabel("w1")
    return figure


def w1_paths(plt):
    import numpy as np

    from chapter4 import section_4_2_2_custom_loss as section

    X, Y = section.make_data()
    first, second = np.meshgrid(np.linspace(-1, 1.5, 41), np.linspace(0.5, 2.5, 41))
    figure, axes = plt.subplots(1, 3, figsize=(12, 4), sharey=True, constrained_layout=True)
    title(figure, "4.2.2", "自定义损失函数", "the path of w1 over the loss of all 128 examples")
    for axis, (label, options) in zip(axes, EXPERIMENTS):
        sess, graph = session(section.build_graph, **options)
        with sess:
            surface = [
                sess.run(graph.loss, feed_dict={graph.y: X @ [[a], [b]], graph.y_: Y})
                for a, b in zip(first.ravel(), second.ravel())
            ]
        surface = np.reshape(surface, first.shape)
        levels = np.geomspace(surface.min() * 1.2, surface.max(), 10)
        lines = axis.contour(first, second, surface, levels, colors="0.6", linewidths=1)
        axis.clabel(lines, fmt="%.3g", fontsize=7)
        w1 = trained(**options)
        axis.plot(w1[:, 0], w1[:, 1], color=STYLES[0]["color"], label="w1, 5000 steps")
        axis.plot(*w1[0], "o", color=STYLES[0]["color"], label="first")
        axis.plot(*w1[-1], "*", color=STYLES[1]["color"], markersize=12, label="last")
        axis.set(title=label, xlabel="w1[0]")
        axis.legend(loc="lower left")
    axes[0].set_ylabel("w1[1]")
    return figure


@functools.lru_cache(maxsize=None)
def trained(**options):
    """w1 after each of the 5000 steps, [5000, 2]."""
    import numpy as np
    import tensorflow.compat.v1 as tf

    from chapter4 import section_4_2_2_custom_loss as section
    from chapter4.arithmetic import fused

    X, Y = section.make_data()
    with tf.Graph().as_default(), fused(section.batch_size) as AdamOptimizer:
        graph = section.build_graph(AdamOptimizer=AdamOptimizer, **options)
        with tf.Session(config=runtime.config()) as sess:
            sess.run(tf.global_variables_initializer())
            return np.array([sess.run(graph.w1)[:, 0] for _ in section.train(sess, graph, X, Y, 5000)])


def activation_functions(plt):
    import numpy as np
    import tensorflow.compat.v1 as tf

    from chapter4 import section_4_1_2_activation_functions as section

    figure, axes = plt.subplots(figsize=(7, 4.5), constrained_layout=True)
    title(figure, "4.1.2", "激活函数实现去线性化", "three activation functions")
    x = np.linspace(-4, 4, 161)
    with tf.Graph().as_default(), tf.Session(config=runtime.config()) as sess:
        for (name, activation), style in zip(section.ACTIVATIONS, STYLES):
            axes.plot(x, sess.run(activation(x)), label=name, markevery=20, **style)
    axes.set(xlabel="input", ylabel="output", ylim=(-1.3, 2.5))
    axes.legend()
    return figure


def xor(plt):
    import numpy as np

    from chapter4 import section_4_1_3_xor as section

    first, second = np.meshgrid(np.linspace(-0.5, 1.5, 81), np.linspace(-0.5, 1.5, 81))
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True, constrained_layout=True)
    title(figure, "4.1.3", "多层网络解决异或运算", "the output y after 1000 steps")
    for axis, hidden in zip(axes, (0, 2)):
        sess, graph = session(section.build_graph, hidden=hidden)
        with sess:
            for _ in range(1000):
                sess.run(graph.train_step, feed_dict={graph.x: section.X, graph.y_: section.Y})
            y = sess.run(graph.y, feed_dict={graph.x: np.stack([first.ravel(), second.ravel()], axis=1)})
        shades = axis.pcolormesh(
            first,
            second,
            y.reshape(first.shape),
            vmin=0,
            vmax=1,
            cmap="cividis",
            shading="auto",
            rasterized=True,
        )
        for (x1, x2), [right] in zip(section.X, section.Y):
            axis.plot(x1, x2, "os"[right], color="white", markeredgecolor="black", markersize=16)
            axis.text(x1, x2, right, ha="center", va="center_baseline")
        axis.set(title="hidden nodes: %d" % hidden, xlabel="x1")
    axes[0].set_ylabel("x2")
    figure.colorbar(shades, ax=axes, label="y; right at each point is its number")
    return figure


def learning_rate(plt):
    import numpy as np

    from chapter4 import printed_log
    from chapter4 import section_4_4_1_learning_rate as section

    log = (printed_log.LOGS / "companion-4.4.1-learning-rate.log").read_text()
    printed = re.findall(r"x(\d+) is ([-\d]+\.\d+)", log)
    figure, axes = plt.subplots(1, 3, figsize=(12, 4), sharey=True, constrained_layout=True)
    title(figure, "4.4.1", "学习率的设置", "x while it is trained; marks are the printed numbers")
    for axis, (rate, decay, steps, every) in zip(axes, section.RUNS):
        sess, graph = session(section.build_graph, learning_rate=rate, decay=decay)
        with sess:
            x = [sess.run(graph.x)]
            for _ in range(steps):
                sess.run(graph.train_op)
                x.append(sess.run(graph.x))
        axis.plot(x, color=STYLES[0]["color"])
        marks, printed = printed[: steps // every], printed[steps // every :]
        axis.plot(*np.float64(marks).T, "o", color=STYLES[1]["color"], fillstyle="none")
        label = "learning rate %s" % rate + ", decaying" * decay
        axis.set(title=label, xlabel="training step")
    axes[0].set_ylabel("x, where y = x² is to be made small")
    return figure


def regularization(plt):
    import numpy as np

    from chapter4 import section_4_4_2_regularization as section

    data, label = section.make_data()
    figure, axes = plt.subplots(1, 2, figsize=(9, 4.5), sharey=True, constrained_layout=True)
    title(figure, "4.4.2", "过拟合问题", "the boundary after 40,000 steps")
    for axis, regularized in zip(axes, (False, True)):
        sess, graph = session(section.build_graph, regularized=regularized)
        with sess:
            for _ in command_line.progress(40000):
                sess.run(graph.train_op, feed_dict={graph.x: data, graph.y_: label})
            xx, yy, probs = section.predict(sess, graph)
        axis.contourf(xx, yy, probs, levels=[-np.inf, 0.5, np.inf], colors=["#BBD6EA", "#FBF0E8"])
        axis.contour(xx, yy, probs, levels=[0.5], colors="black")
        for value, style, fill in zip((0, 1), STYLES, ("full", "none")):
            x1, x2 = data[label[:, 0] == value].T
            look = {"color": style["color"], "fillstyle": fill, "markersize": 5}
            axis.plot(x1, x2, style["marker"], label="y_ = %d" % value, **look)
        axis.set(title=("mse_loss alone", "with regularization")[regularized], xlabel="x1", aspect="equal")
    axes[0].set_ylabel("x2")
    axes[1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def moving_average(plt):
    import tensorflow.compat.v1 as tf

    from chapter4 import printed_log
    from chapter4 import section_4_4_3_moving_average as section

    log = (printed_log.LOGS / "companion-4.4.3-moving-average.log").read_text()
    printed = [float(average) for average in re.findall(r", (.*)]", log)]
    sess, graph = session(section.build_graph)
    with sess:
        both = [graph.v1, graph.ema.average(graph.v1)]
        values = [sess.run(both)]
        for step, v1, updates in [(0, 5, 1), (10000, 10, 400)]:  # the page's, whose second has 2 updates
            sess.run([tf.assign(graph.step, step), tf.assign(graph.v1, v1)])
            for _ in range(updates):
                sess.run(graph.maintain_averages_op)
                values.append(sess.run(both))
    figure, axes = plt.subplots(figsize=(7, 4.5), constrained_layout=True)
    title(figure, "4.4.3", "滑动平均模型", "an average with decay 0.99 and its variable")
    v1, average = zip(*values)
    axes.plot(v1, label="v1", drawstyle="steps-post", color=STYLES[1]["color"], linestyle="--")
    axes.plot(average, label="average of v1", color=STYLES[0]["color"])
    axes.plot(printed, "o", color="black", fillstyle="none", label="printed average")
    axes.set(xlabel="updates of the average", ylabel="value", xscale="symlog", xlim=(0, None))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.legend()
    return figure


if __name__ == "__main__":
    command_line.run(main, "dir", tensorflow=False)
