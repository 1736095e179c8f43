"""The alerts: Prometheus' own checks, and that each is complete and tested."""

import re
import subprocess

import yaml

import promql

GUIDE = "https://docs.rs/entity-events/latest/entity_events/guide/running_it/"


def promtool(*arguments, folder):
    run = subprocess.run(["promtool", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    return [] if run.returncode == 0 else [f"promtool {' '.join(arguments)}:\n{run.stdout}{run.stderr}"]


def rules(root):
    folder = root / "operations"
    return promtool("check", "rules", "alerts.yaml", folder=folder) or promtool("test", "rules", "alerts_test.yaml", folder=folder)


def names(root):
    table = promql.names((root / "operations/README.md").read_text())
    found = []
    for group in yaml.safe_load((root / "operations/alerts.yaml").read_text())["groups"]:
        # A recording rule is above those that use it. Its labels are those of its metric.
        for rule in group["rules"]:
            found += promql.complaints(rule["expr"], table)
            if "record" in rule:
                grouping = re.search(r"by \(([^)]*)\)", rule["expr"])
                table[rule["record"]] = set(re.split(r",\s*", grouping[1])) if grouping else set()
    return found


def texts(root):
    found, tested, silent = [], set(), 0
    for test in yaml.safe_load((root / "operations/alerts_test.yaml").read_text())["tests"]:
        for case in test["promql_expr_test"]:
            samples = case.get("exp_samples", [])
            tested |= {name for sample in samples for name in re.findall(r'alertname="(\w+)"', sample["labels"])}
            silent += not samples
    if not silent:
        found.append("no test in which nothing fires")
    for group in yaml.safe_load((root / "operations/alerts.yaml").read_text())["groups"]:
        for rule in group["rules"]:
            name = rule.get("alert")
            if name is None:
                continue
            annotations = rule.get("annotations", {})
            if name not in tested:
                found.append(f"{name}: no test in which it fires")
            if rule.get("labels", {}).get("severity") not in ("critical", "warning"):
                found.append(f"{name}: no severity")
            if not annotations.get("summary") or GUIDE not in annotations.get("description", ""):
                found.append(f"{name}: no summary, or no description with a link to the guide")
    return found
