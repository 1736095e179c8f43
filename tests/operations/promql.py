"""Expressions, and the metrics and labels in them."""

import re

import promql_parser as promql

# What Prometheus adds to every series, and what histograms have.
SCRAPED = {"job", "instance", "namespace"}
HISTOGRAM = {"_bucket": {"le"}, "_sum": set(), "_count": set()}


def names(readme):
    """The table of `operations/README.md`: the labels of each series."""
    table = {}
    for metric, labels, text in re.findall(r"^\| `(\w+)` \|([\w` ]*)\| (.*) \|$", readme, re.MULTILINE):
        labels = set(re.findall(r"`(\w+)`", labels)) | SCRAPED
        if text.startswith("histogram"):
            table |= {metric + suffix: labels | more for suffix, more in HISTOGRAM.items()}
        else:
            table[metric] = labels
    return table


def complaints(expression, table):
    """What is wrong with an expression: its syntax, or names that no series has."""
    try:
        tree = promql.parse(expression)
    except ValueError as error:
        return [f"{error}: {expression}"]
    found, metrics, labels = [], set(), set()

    def visit(node):
        if isinstance(node, promql.VectorSelector):
            matchers = [(m.name, m.value) for m in node.matchers.matchers]
            here = {node.name} if node.name else {name for key, value in matchers if key == "__name__" for name in value.split("|")}
            metrics.update(here)
            for key, _ in matchers:
                if key != "__name__" and not any(key in table.get(metric, ()) for metric in here):
                    found.append(f"no label `{key}` on {', '.join(sorted(here))}: {expression}")
        elif isinstance(node, promql.AggregateExpr) and node.modifier:
            labels.update(node.modifier.labels)
        elif isinstance(node, promql.BinaryExpr) and node.modifier and node.modifier.matching:
            labels.update(node.modifier.matching.labels)
        return True

    promql.walk(tree, visit)
    found += [f"no metric `{metric}`: {expression}" for metric in sorted(metrics - table.keys())]
    known = set().union(*(table[metric] for metric in metrics & table.keys()))
    found += [f"no label `{label}` on {', '.join(sorted(metrics))}: {expression}" for label in sorted(labels - known)]
    return found
