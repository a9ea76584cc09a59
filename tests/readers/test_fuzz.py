"""The short form of `make fuzz`: damaged files of every format end in a record or in a sentence."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def seeds() -> ModuleType:
    """The table of formats, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("fuzz_seeds", ROOT / "packaging" / "fuzz_seeds.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["fuzz_seeds"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is asked by getrusage")
@pytest.mark.parametrize("kind", [kind.name for kind in seeds().KINDS])
def test_damaged_files_end_in_a_record_or_a_sentence_in_bounded_time_and_memory(
    tmp_path: Path, kind: str
) -> None:
    settings = [kind, "1", "0", "200", str(tmp_path), str(tmp_path / "kept")]
    command = [sys.executable, "packaging/fuzz.py", "--work", *settings]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["failures"] == []
    assert found["mutants"] == found["opened"] + found["refused"] == 200
