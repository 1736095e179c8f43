"""Runs every check on a copy of what it reads, and then on copies with one thing broken. `operations/check` calls it."""

import shutil
import sys
import tempfile
from pathlib import Path

import alerts
import dashboard
import deploy
import promql
from breaks import BREAKS

CHECKS = {
    "names: the runtime's": promql.source,
    "alerts: promtool": alerts.rules,
    "alerts: names": alerts.names,
    "alerts: texts and tests": alerts.texts,
    "dashboard: Grafana's types": dashboard.types,
    "dashboard: queries": dashboard.queries,
    "dashboard: panels": dashboard.panels,
    "no key twice": deploy.duplicates,
    "Dockerfile": deploy.dockerfile,
    "compose.yaml": deploy.compose,
    "prometheus.yaml": deploy.prometheus,
    "Kubernetes' schemas": deploy.manifests,
    "Kubernetes, what refers to what": deploy.references,
}


def copy(root, folder):
    """What the checks read."""
    for part in ("operations", deploy.DEPLOY, promql.RUNTIME):
        shutil.copytree(root / part, folder / part)
    return folder


def noticed(name, root, path, old, new):
    """What a check says of a copy in which `old` is `new`."""
    with tempfile.TemporaryDirectory() as folder:
        broken = copy(root, Path(folder))
        text = (broken / path).read_text()
        if old not in text:
            return None
        (broken / path).write_text(text.replace(old, new))
        return CHECKS[name](broken)


def main(root):
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        whole = copy(root, Path(folder))
        for name, check in CHECKS.items():
            found = check(whole)
            print("ok  " if not found else "FAIL", name, *(f"\n  {one}" for one in found), sep="  ")
            passed, failed = passed + (not found), failed + bool(found)
    for name, path, old, new in BREAKS:
        found = noticed(name, root, path, old, new)
        what = f"{name}: `{old.strip()}` as `{new.strip()}`"
        if found:
            passed += 1
        else:
            failed += 1
            print("FAIL", f"{what} is not noticed" if found == [] else f"{what}: {path} has no such text", sep="  ")
    unbroken = CHECKS.keys() - {name for name, *_ in BREAKS}
    if unbroken:
        failed += 1
        print("FAIL", f"nothing breaks {', '.join(unbroken)}", sep="  ")
    print(f"{len(BREAKS)} breaks tried")
    print(f"{passed} passed, {failed} failed")
    return failed == 0


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1])))
