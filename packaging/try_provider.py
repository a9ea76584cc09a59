"""Try an execution provider for real: `python packaging/try_provider.py openvino`.

Makes an environment of its own under `build/`, installs medgui and the provider there, asks every bundle for it, lets
`medgui assess` read each demo patient and `medgui score` a table of people with several models, and compares the
numbers with those of the CPU. Prints a report; `--json` prints all that was found. Exit code 0: every number is the
CPU's within the tolerance of the golden inputs; 1: one is not; 3: the environment cannot be made here (no index).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SCORED = ("mortality_10y", "cvd_death_10y", "ckd_screen", "albuminuria", "prevent", "ckd_epi_2021", "qrisk3")
PEOPLE = 500


class Variant(NamedTuple):
    """A provider by the id that settings use, installed by a list that replaces onnxruntime or by an extra."""

    provider: str
    replaces: str = ""
    extra: str = ""


VARIANTS = {
    "openvino": Variant("openvino", replaces="openvino.txt"),
    "openvino-plugin": Variant("openvino", extra="openvino"),
    "gpu": Variant("cuda", replaces="gpu.txt"),
    "directml": Variant("directml", replaces="directml.txt"),
    "tensorrt-rtx": Variant("tensorrt_rtx", extra="gpu"),
    "webgpu": Variant("webgpu", extra="directml"),
}


class CannotMake(Exception):
    """The environment cannot be made on this computer."""


class Environment:
    """An environment of its own for one variant, made once and again where what it is made of changed."""

    def __init__(self, name: str) -> None:
        self.variant = VARIANTS[name]
        self.folder = ROOT / "build" / f"provider-{name}"
        self.python = self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        self._stamp = self.folder / ".made-of"

    @property
    def _made_of(self) -> str:
        listed = ROOT / "packaging" / "constraints" / (self.variant.replaces or "README.md")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        extra = project["optional-dependencies"].get(self.variant.extra, [])
        return "\n".join([sys.version, *project["dependencies"], *extra, listed.read_text()])

    @property
    def ready(self) -> bool:
        """Tell whether it stands and is of today's lists."""
        return self._stamp.is_file() and self._stamp.read_text() == self._made_of

    def make(self) -> None:
        """Make it. Raises `CannotMake`."""
        extra = f"[{self.variant.extra}]" if self.variant.extra else ""
        self._run(sys.executable, "-m", "venv", "--clear", str(self.folder))
        self._pip("install", "--quiet", "-e", f"{ROOT}{extra}")
        if self.variant.replaces:
            self._pip("uninstall", "--quiet", "--yes", "onnxruntime")
            self._pip(
                "install", "--quiet", "-r", str(ROOT / "packaging" / "constraints" / self.variant.replaces)
            )
        self._stamp.write_text(self._made_of)

    def _pip(self, *arguments: str) -> None:
        self._run(str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments)

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotMake(done.stderr.strip()[-500:])

    def output(self, home: Path, *arguments: str) -> str:
        """What the environment's Python prints, with settings and data in *home*. 4 is the exit of a refused model."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("MEDGUI", "PYTHON"))
        }
        environment = {**kept, "MEDGUI_HOME": str(home), "HOME": str(home), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [str(self.python), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 4):
            raise RuntimeError(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout


class Trial:
    """One environment, asked for its provider and for the CPU."""

    def __init__(self, name: str, environment: Environment, folder: Path) -> None:
        self.name, self.environment, self.folder = name, environment, folder
        self.provider = environment.variant.provider
        for choice in ("cpu", self.provider):
            home = folder / choice / "config"
            home.mkdir(parents=True)
            (home / "settings.json").write_text(json.dumps({"execution_provider": choice}))

    def _medgui(self, choice: str, *arguments: str) -> str:
        return self.environment.output(self.folder / choice, "-m", "medgui", *arguments)

    def verified(self) -> dict[str, Any]:
        """What `medgui models verify` says with the provider asked for."""
        return json.loads(self._medgui(self.provider, "models", "verify", "--json"))

    def inside(self) -> dict[str, Any]:
        """What the provider does with every bundle."""
        script = str(ROOT / "packaging" / "provider_inside.py")
        return json.loads(self.environment.output(self.folder / self.provider, script, self.provider))

    def patients(self, tolerance: dict[str, float]) -> dict[str, Any]:
        """Assess each demo patient on both and compare every output."""
        compared, by_other, problems = 0, 0, []
        for path in sorted((ROOT / "resources" / "demo").glob("*.json")):
            both = []
            for choice in ("cpu", self.provider):
                found = json.loads(
                    self._medgui(choice, "assess", str(path), "--json", "--as-of", "2026-11-01")
                )
                both.append({each["model"]: each for each in found["findings"]})
            if both[0].keys() != both[1].keys():
                problems.append(f"{path.name}: other models run")
            for model in both[0].keys() & both[1].keys():
                by_other += both[1][model]["provider"] != "CPU"
                for mine, theirs in zip(both[0][model]["outputs"], both[1][model]["outputs"], strict=True):
                    compared += 1
                    if not same(mine["value"], theirs["value"], tolerance.get(model, 0.0)):
                        problems.append(
                            f"{path.name}: {model}.{mine['name']} {mine['value']} {theirs['value']}"
                        )
        return {"outputs": compared, "findings_by_other": by_other, "problems": problems}

    def tables(self, tolerance: dict[str, float]) -> dict[str, Any]:
        """Score made-up people on both and compare every cell."""
        compared, problems = 0, []
        for model in SCORED:
            card = json.loads(self._medgui("cpu", "models", "show", model, "--json"))
            table = self.folder / f"{model}.csv"
            write_people(table, card["input_details"])
            both = []
            for choice in ("cpu", self.provider):
                out = self.folder / choice / f"{model}.csv"
                self._medgui(choice, "score", model, str(table), "-o", str(out))
                with out.open(newline="", encoding="utf-8") as stream:
                    both.append(list(csv.DictReader(stream)))
            for line, (mine, theirs) in enumerate(zip(*both, strict=True), 2):
                for name, value in mine.items():
                    compared += 1
                    if not same(number(value), number(theirs[name]), tolerance.get(model, 0.0)):
                        problems.append(f"{model} line {line}: {name} {value} {theirs[name]}")
        return {"cells": compared, "problems": problems}


def write_people(path: Path, inputs: list[dict[str, Any]]) -> None:
    """Write a table of made-up people within the ranges that a model accepts; some cells are empty."""
    chance = random.Random(6)
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow([spec["name"] for spec in inputs])
        for _ in range(PEOPLE):
            table.writerow([_cell(spec, chance) for spec in inputs])


def _cell(spec: dict[str, Any], chance: random.Random) -> str:
    if not spec["required"] and chance.random() < 0.2:
        return ""
    if spec["categories"]:
        return chance.choice(sorted(spec["categories"]))
    lo, hi = spec["seen"] or spec["accepted"] or (0, 1)
    if spec["unit"] == "1" and (lo, hi) == (0, 1):
        return str(chance.randint(0, 1))
    return f"{chance.uniform(lo, hi):.3f}"


def number(text: str) -> float | str:
    """A cell as a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def same(mine: Any, theirs: Any, tolerance: float) -> bool:
    """Tell whether two values are one within the tolerance of the golden inputs, relative above 1."""
    if isinstance(mine, float | int) and isinstance(theirs, float | int):
        return abs(mine - theirs) <= tolerance * max(1.0, abs(mine))
    return mine == theirs


def report(found: dict[str, Any]) -> str:
    """Say in Markdown what was found."""
    rows = found["inside"]["bundles"]
    title = found["inside"]["provider"]
    ran = [row for row in rows if "failed" not in row["other"]]
    lines = [
        f"### {found['variant']}: {title} with onnxruntime {found['inside']['onnxruntime']}",
        "",
        "| what | |",
        "|---|---|",
        f"| bundles | {len(rows)}, {sum(row['double'] for row in rows)} of them in double precision |",
        f"| used, proven by golden inputs | {sum(row['provider'] != 'CPU' for row in rows)} |",
    ]
    reasons: dict[str, int] = {}
    for row in rows:
        if row["provider"] == "CPU":
            words = row["note"].split(" (largest")[0]
            reasons[words] = reasons.get(words, 0) + 1
    lines += [f"| not used: {words} | {count} |" for words, count in sorted(reasons.items())]
    held, steps = sum(r["other"]["held"] for r in ran), sum(r["other"]["steps"] for r in ran)
    none = sum(not row["other"]["held"] for row in ran)
    lines += [
        f"| steps of all graphs that it would compute | {held} of {steps}; of {none} bundles none |",
        f"| golden answers without these rules | {_differences(ran)} |",
        f"| sessions that failed | {len(rows) - len(ran)} |",
        f"| outputs of demo patients equal to the CPU's | {_share(found['patients'], 'outputs')} |",
        f"| findings of demo patients that {title} computed | {found['patients']['findings_by_other']} |",
        f"| cells of scored tables equal to the CPU's | {_share(found['tables'], 'cells')} |",
        "",
        f"Processor time, {title} beside the CPU provider (median over bundles; below 1 is faster):",
        "",
        f"| | CPU, ms | {title}, ms | median ratio | bundles in which {title} is faster |",
        "|---|---|---|---|---|",
    ]
    for key, words in (("made", "a session made"), ("one", "one row"), ("many", "10,000 rows")):
        lines.append(_time_row(ran, key, words))
    return "\n".join(lines)


def _differences(rows: list[dict[str, Any]]) -> str:
    right = rounded = 0
    for row in rows:
        difference = row["other"]["difference"]
        if difference is not None and difference <= row["tolerance"]:
            right += 1
        elif difference is not None and difference < 1e-5:
            rounded += 1
    wrong = len(rows) - right - rounded
    return f"{right} right, {rounded} off by less than 0.00001 (single precision), {wrong} wrong"


def _share(found: dict[str, Any], name: str) -> str:
    return f"{found[name] - len(found['problems'])} of {found[name]}"


def _time_row(rows: list[dict[str, Any]], key: str, words: str) -> str:
    from statistics import median

    pairs = [(row["cpu"][key], row["other"][key]) for row in rows]
    cpu, other = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    ratio = median(pair[1] / max(pair[0], 1e-6) for pair in pairs)
    faster = sum(pair[1] < 0.9 * pair[0] for pair in pairs)
    return f"| {words} | {cpu:.3g} | {other:.3g} | {ratio:.3g} | {faster} of {len(pairs)} |"


def run(name: str) -> dict[str, Any]:
    """Try one variant. Raises `CannotMake`."""
    environment = Environment(name)
    if not environment.ready:
        environment.make()
    with tempfile.TemporaryDirectory(prefix="medgui-provider-") as folder:
        trial = Trial(name, environment, Path(folder))
        verified = trial.verified()
        inside = trial.inside()
        tolerance = {row["id"]: row["tolerance"] for row in inside["bundles"]}
        return {
            "variant": name,
            "verified": verified,
            "inside": inside,
            "patients": trial.patients(tolerance),
            "tables": trial.tables(tolerance),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("variant", choices=sorted(VARIANTS))
    parser.add_argument("--json", action="store_true", help="print all that was found")
    options = parser.parse_args()
    try:
        found = run(options.variant)
    except CannotMake as error:
        print(f"cannot make the environment: {error}", file=sys.stderr)
        return 3
    print(json.dumps(found) if options.json else report(found))
    problems = [*found["patients"]["problems"], *found["tables"]["problems"], *found["verified"]["refused"]]
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
