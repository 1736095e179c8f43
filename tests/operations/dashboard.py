"""The dashboard: Grafana's own types, and expressions that find something."""

import enum
import json
import re
import tempfile
import typing
from pathlib import Path

import yaml
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

import alerts
import promql

plugins.register_default_plugins()
VALUES = {"__rate_interval": "1m", "job": ".*", "topic": ".*"}


def load(root):
    return json.loads((root / "operations/dashboard.json").read_text())


def fits(value, hint):
    """Whether a value of the dashboard is of the type that Grafana has for it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union:
        return any(fits(value, one) for one in arguments)
    if origin is typing.Literal:
        return value in arguments
    if origin is list:
        return isinstance(value, list) and all(fits(one, arguments[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(one, arguments[1]) for one in value.values())
    if hint in (int, float):
        return isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return value in [one.value for one in hint]
    return not isinstance(hint, type) or isinstance(value, hint)


def misfits(value, path=""):
    if isinstance(value, list):
        return [found for index, one in enumerate(value) for found in misfits(one, f"{path}[{index}]")]
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in misfits(one, f"{path}.{key}")]
    if not type(value).__module__.startswith("grafana_foundation_sdk"):
        return []
    found = []
    for name, hint in typing.get_type_hints(type(value)).items():
        one = getattr(value, name)
        if not fits(one, hint):
            found.append(f"{path}.{name}: {one!r} is not {hint}")
        found += misfits(one, f"{path}.{name}")
    return found


def dropped(before, after, path=""):
    """What Grafana's types do not know, such as a misspelt key: it is gone after reading and writing."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            found
            for key, value in before.items()
            for found in (dropped(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}: Grafana has no such key"])
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [found for index, pair in enumerate(zip(before, after)) for found in dropped(*pair, f"{path}[{index}]")]
    return [] if before == after else [f"{path}: {before!r} is read as {after!r}"]


def types(root):
    before = load(root)
    try:
        read = Dashboard.from_json(before)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"Grafana's types cannot read it: {error!r}"]
    return misfits(read) + dropped(before, json.loads(json.dumps(read, cls=JSONEncoder)))


def expressions(dashboard):
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", []))
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
            yield f"count by ({label}) ({selector})"


def queries(root):
    table = promql.names((root / "operations/README.md").read_text())
    found, rules = [], []
    for expression in expressions(load(root)):
        found += [f"no variable `${name}`: {expression}" for name in re.findall(r"\$(\w+)", expression) if name not in VALUES]
        expression = re.sub(r"\$(\w+)", lambda variable: VALUES.get(variable[1], "none"), expression)
        found += promql.complaints(expression, table)
        rules.append({"record": "dashboard", "labels": {"number": str(len(rules))}, "expr": expression})
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
        return found + alerts.promtool("check", "rules", "rules.yaml", folder=folder)


def panels(root):
    dashboard = load(root)
    found, seen, taken = [], set(), set()
    sources = {f"${{{one['name']}}}" for one in dashboard["templating"]["list"] if one["type"] == "datasource"}
    for panel in dashboard["panels"]:
        name, place = panel["title"], panel["gridPos"]
        if panel["id"] in seen:
            found.append(f"{name}: its id is another panel's")
        seen.add(panel["id"])
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        if cells & taken or place["x"] + place["w"] > 24:
            found.append(f"{name}: over another panel, or over the edge")
        taken |= cells
        if panel["type"] == "row":
            continue
        if not panel.get("description") or not panel["fieldConfig"]["defaults"].get("unit") or not panel["targets"]:
            found.append(f"{name}: no description, unit or query")
        for target in panel["targets"]:
            if not target.get("legendFormat"):
                found.append(f"{name}: no legend")
            if target["datasource"]["uid"] not in sources or panel["datasource"]["uid"] not in sources:
                found.append(f"{name}: a data source that is no variable")
    return found
