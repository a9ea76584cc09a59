"""Execution providers for real, each in an environment of its own: `make provider-test`."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "try_provider.py"


def environment(variant: str) -> Any:
    spec = importlib.util.spec_from_file_location("try_provider", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Environment(variant)


@pytest.mark.provider
@pytest.mark.parametrize("variant", ["openvino", "openvino-plugin"])
def test_every_number_is_that_of_the_cpu_whatever_the_provider_can_and_cannot(variant: str) -> None:
    if not environment(variant).ready and "MEDGUI_MAKE_PROVIDERS" not in os.environ:
        pytest.skip(f"build/provider-{variant} is not made or not of today's lists (make provider-test)")
    command = [sys.executable, str(SCRIPT), variant, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip(f"no environment can be made here: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["patients"]["outputs"] > 50
    assert found["tables"]["cells"] > 10_000
    verified = {row["id"]: row for row in found["verified"]["verified"]}
    for row in found["inside"]["bundles"]:
        assert verified[row["id"]]["provider"] == row["provider"]
        assert row["provider"] in ("OpenVINO", "CPU")
        assert row["provider"] == "OpenVINO" or row["note"]
        if row["provider"] == "OpenVINO":
            assert row["other"]["held"] > 0
            assert row["other"]["difference"] <= row["tolerance"]
            assert not row["double"]
    assert any(row["provider"] == "OpenVINO" for row in found["inside"]["bundles"])
