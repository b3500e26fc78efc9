"""Chapter 4 of 《TensorFlow：实战Google深度学习框架》, runnable section by section.

4.2.2  自定义损失函数  section_4_2_2_custom_loss  three losses, three results: the article's log

Each section is a module to read beside the page. Its `build_graph` adds the section's graph to the
default graph and returns the parts by the book's names; `python -m chapter4.section_…` runs it.
"""

import sys

if sys.argv[:1] == ["-m"]:  # python -m chapter4.section_…, which imports TensorFlow next
    from chapter4 import runtime

    runtime.start()
