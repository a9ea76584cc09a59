"""Say what the packaged program is made of: `python packaging/parts.py TREE --environment ENV`.

Writes `sbom.cdx.json` (CycloneDX 1.6) and `licences/` into the program. Fails where a file has no part, a part no
licence text, or a licence is one that medgui must not ship; every line says what and why. `--check` compares an
existing list with the program instead. Needs `cyclonedx-python-lib[json-validation]` (extra `dev`). See docs/parts.md.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from supply import reviewed as decisions
from supply.check import not_listed
from supply.copied import add_copied
from supply.cyclonedx_file import write_cyclonedx
from supply.environment import Environment
from supply.licences import write_licences
from supply.origins import explain
from supply.part import Inventory, Refused
from supply.policy import faults

ABOUT = Path("_internal") / "medgui" / "_data" / "about"
SBOM = "sbom.cdx.json"


def inventory_of(tree: Path, environment: Path, reviewed: decisions.Reviewed) -> Inventory:
    """Explain every file of *tree*; raises `Refused` with all that is wrong."""
    clean = Environment(environment)
    inventory = explain(tree, clean, reviewed)
    add_copied(inventory, clean, reviewed)
    wrong = inventory.unexplained + faults(inventory, reviewed)
    if wrong:
        raise Refused(wrong)
    return inventory


def main(arguments: list[str] | None = None) -> int:
    """Write the list, or check one; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tree", type=Path, help="folder of the program, as PyInstaller made it")
    parser.add_argument("--environment", type=Path, help="the clean environment that it was made from")
    parser.add_argument("-o", "--output", type=Path, help="default: TREE/_internal/medgui/_data/about")
    parser.add_argument("--check", action="store_true", help="compare the list in the program with its files")
    asked = parser.parse_args(arguments)
    output = asked.output or asked.tree / ABOUT
    if asked.check:
        wrong = not_listed(asked.tree, output / SBOM)
        sys.stderr.writelines(f"{line}\n" for line in wrong)
        return 1 if wrong else 0
    if asked.environment is None:
        parser.error("--environment is needed")
    reviewed = decisions.load()
    try:
        inventory = inventory_of(asked.tree, asked.environment, reviewed)
        write_licences(inventory, reviewed, output / "licences")
        write_cyclonedx(inventory, output / SBOM, int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
    except Refused as refused:
        sys.stderr.writelines(f"{line}\n" for line in refused.sentences)
        return 1
    parts = [part for outer in inventory.sorted() for part in outer.walk()]
    files = sum(len(set(part.files)) for part in inventory.sorted())
    print(f"{output}: {len(parts)} parts, {files} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
