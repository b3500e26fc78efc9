"""Chapter 4 of 《TensorFlow：实战Google深度学习框架》, runnable section by section.

4.1.1  线性模型的局限性        section_4_1_1_linear_models         many linear layers are one
4.1.2  激活函数实现去线性化    section_4_1_2_activation_functions  relu, sigmoid, tanh; biases
4.1.3  多层网络解决异或运算    section_4_1_3_xor                   what a hidden layer adds
4.2.1  经典损失函数            section_4_2_1_cross_entropy         for classification
                               section_4_2_1_mean_squared_error    for regression
4.2.2  自定义损失函数          section_4_2_2_greater_where         tf.greater and tf.where
                               section_4_2_2_custom_loss           the article's three experiments
4.3    神经网络优化算法                                            has no listing with an output
4.4.1  学习率的设置            section_4_4_1_learning_rate         too large, too small, decaying
4.4.2  过拟合问题              section_4_4_2_regularization        a price on large weights
4.4.3  滑动平均模型            section_4_4_3_moving_average        an average that follows

Each section is a module to read beside the page. Its `build_graph` adds the section's graph to the
default graph and returns the parts by the book's names; `python -m chapter4.section_…` runs it. In a
notebook's first cell `%load_ext chapter4` makes the other cells what scripts/run_listing.py makes of a file.
"""

from pathlib import Path

LOGS = Path(__file__).with_name("printed_logs")


def load_ipython_extension(shell):
    from chapter4.reader import listing

    listing.load(shell)


def unload_ipython_extension(shell):
    from chapter4.reader import listing

    listing.unload(shell)
