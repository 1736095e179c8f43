"""Expressions, and the metrics and labels in them."""

import re

import promql_parser as promql

RUNTIME = "runtime/src/telemetry/metrics"
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


def source(root):
    """What is wrong with the table, by the runtime's own names, units and labels."""
    text = "".join(path.read_text() for path in sorted((root / RUNTIME).glob("*.rs")))
    metrics = re.findall(r'name: "([\w.]+)",\s+unit: Unit::(\w+)', text)
    there = {name.replace(".", "_") + ("_seconds" if unit == "Seconds" else "") for name, unit in metrics}
    literals = {literal.replace(".", "_") for literal in re.findall(r'"([\w.]+)"', text)}
    table = names((root / "operations/README.md").read_text())
    here = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in table}
    labels = set().union(*table.values()) - SCRAPED - {"le"}
    return [
        *(f"operations/README.md: the runtime has no metric `{name}`" for name in sorted(here - there)),
        *(f"operations/README.md: it lacks `{name}`" for name in sorted(there - here)),
        *(f"operations/README.md: the runtime has no label `{label}`" for label in sorted(labels - literals)),
    ]


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
