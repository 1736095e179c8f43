"""The example's image, compose file and manifests: the published schemas, and what refers to what."""

import re
import subprocess

import compose_spec
import kubernetes_validate
import yaml

import alerts

DEPLOY = "examples/catalog-service/deploy"
# The oldest that is meant, and the newest that is known.
KUBERNETES = ("1.30.0", "1.37.0")
SHUTDOWN = 30  # seconds that the service may take after SIGTERM


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return [] if done.returncode == 0 else [f"{command[0]}:\n{done.stdout}{done.stderr}"]


def dockerfile(root):
    return run("hadolint", "--failure-threshold", "style", str(root / DEPLOY / "Dockerfile"))


def duplicates(root):
    """YAML files with a key that is there twice, of which parsers take the last."""
    files = [*root.glob("operations/*.yaml"), *(root / DEPLOY).rglob("*.yaml")]
    return run("yamllint", "--strict", "-d", "{rules: {key-duplicates: enable}}", *map(str, files))


def compose(root):
    text = (root / DEPLOY / "compose.yaml").read_text()
    try:
        compose_spec.PyCompose.from_yaml(text).validate()
    except ValueError as error:
        return [f"compose.yaml: {error}"]
    services = yaml.safe_load(text)["services"]
    found = []
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            if other not in services:
                found.append(f"compose.yaml: {name} depends on {other}, which is not there")
            elif how["condition"] == "service_healthy" and "healthcheck" not in services[other]:
                found.append(f"compose.yaml: {name} waits for {other}, which has no health check")
        paths = [volume.split(":")[0] for volume in service.get("volumes", [])]
        if "build" in service:
            paths += [service["build"]["context"], service["build"]["context"] + "/" + service["build"]["dockerfile"]]
        found += [f"compose.yaml: {name}: {path} is not there" for path in paths if not (root / DEPLOY / path).exists()]
        addresses = re.findall(r"(?:://|@|^)([a-z-]+):\d+", "\n".join(map(str, service.get("environment", {}).values())), re.MULTILINE)
        found += [f"compose.yaml: {name} talks to {one}, which is not there" for one in addresses if one not in {*services, "localhost"}]
    return found


def prometheus(root):
    """The configuration with the rules where the container has them."""
    config = yaml.safe_load((root / DEPLOY / "prometheus/prometheus.yaml").read_text())
    config["rule_files"] = [str(root / "operations" / name) for name in config["rule_files"]]
    copy = root / "target" / "prometheus.yaml"
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(yaml.safe_dump(config))
    return alerts.promtool("check", "config", str(copy), folder=root)


def manifests(root):
    found = []
    for path in sorted((root / DEPLOY / "kubernetes").rglob("*.yaml")):
        for manifest in yaml.safe_load_all(path.read_text()):
            for version in KUBERNETES:
                try:
                    kubernetes_validate.validate(manifest, version, strict=True)
                except kubernetes_validate.ValidationError as error:
                    where = ".".join(map(str, error.path))
                    found.append(f"{path.name}, Kubernetes {version}: {where}: {error.message}")
                except kubernetes_validate.SchemaNotFoundError:
                    kind = f"{manifest['apiVersion']} {manifest['kind']}"
                    found.append(f"{path.name}, Kubernetes {version}: there is no {kind}")
    return found


def references(root):
    """What the schemas cannot know: names, labels, ports and times that have to fit."""
    kinds = {}
    for path in (root / DEPLOY / "kubernetes").rglob("*.yaml"):
        manifest = yaml.safe_load(path.read_text())
        kinds[manifest["kind"]] = manifest
    deployment, service = kinds["Deployment"]["spec"], kinds["Service"]["spec"]
    pod = deployment["template"]["spec"]
    container = pod["containers"][0]
    labels = deployment["template"]["metadata"]["labels"].items()
    selectors = {
        "Deployment": deployment["selector"]["matchLabels"],
        "Service": service["selector"],
        "PodDisruptionBudget": kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        "topology": pod["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
    }
    found = [f"{name}: selects other pods" for name, selector in selectors.items() if not selector.items() <= labels]

    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    used = [port["targetPort"] for port in service["ports"]]
    used += [container[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    found += [f"no port `{port}`" for port in used if port not in ports]
    settings = kinds["ConfigMap"]["data"]
    if settings["PORT"] != str(ports["http"]):
        found.append("`PORT` is not the container's port")

    if container["envFrom"][0]["configMapRef"]["name"] != kinds["ConfigMap"]["metadata"]["name"]:
        found.append("no such ConfigMap")
    for variable in container["env"]:
        reference = variable["valueFrom"]["secretKeyRef"]
        if reference["name"] != kinds["Secret"]["metadata"]["name"] or reference["key"] not in kinds["Secret"]["stringData"]:
            found.append(f"no such key in the Secret: {reference}")

    before = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    if pod["terminationGracePeriodSeconds"] <= before + SHUTDOWN:
        found.append(f"terminationGracePeriodSeconds has to be more than {before} + {SHUTDOWN}")
    user = re.search(r"^USER (\d+):(\d+)$", (root / DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    if not user or [pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]] != [int(user[1]), int(user[2])]:
        found.append("runAsUser and runAsGroup are not those of the image")
    return found
