from chapter4 import section_4_2_2_greater_where as section

import numpy as np


def test_greater_and_where_are_numpys(evaluate):
    v1, v2, greater, where = evaluate(section.build_graph, section.Graph._fields, {})
    np.testing.assert_array_equal(greater, v1 > v2)
    np.testing.assert_array_equal(where, np.where(v1 > v2, v1, v2))


def test_runs_alone(output, printed):
    examples = printed("tensorflow-1.4.0-examples.log").decode().splitlines(keepends=True)
    assert output(section.main) == "".join(examples[8:10])
