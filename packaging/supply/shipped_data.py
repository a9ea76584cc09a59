"""medgui's own data folder: models with their data, fonts, tables; and the notice that names their sources."""

import tomllib
from pathlib import Path

from supply.environment import Environment
from supply.part import Inventory, Part
from supply.reviewed import Reviewed, text

MODEL = "model-"


def take_data(
    path: str, inner: str, inventory: Inventory, reviewed: Reviewed, environment: Environment
) -> None:
    """Take a file of the data folder; *inner* is its path there (models/cad/model.onnx)."""
    names = inner.split("/")
    entry = reviewed.shipped_for(inner)
    if entry is not None:
        part = Part(entry.name, entry.version, entry.kind, entry.licence, home=entry.home, note=entry.note)
        part.licence_words = entry.licence_words
        folder = Path(str(inventory.tree / path).removesuffix(inner))
        part.texts = {name: text(name) for name in entry.texts}
        part.texts |= {Path(name).name: (folder / name).read_bytes() for name in entry.carried}
        kept = inventory.part(part)
        kept.texts |= part.texts
        kept.note, kept.home = kept.note or part.note, kept.home or part.home
        kept.take(path, inventory.tree)
    elif names[0] == "models" and len(names) > 2:
        _model(path, names[1], inventory, reviewed).take(path, inventory.tree)
    elif names[:2] in (["resources", "knowledge"], ["resources", "fonts"]) and not inner.endswith(
        "README.md"
    ):
        inventory.unexplained.append(f"{path}: packaging/licences.toml has no [[shipped]] entry for it.")
    else:
        from supply.origins import distribution

        distribution("medgui", inventory, environment, reviewed).take(path, inventory.tree)


def _model(path: str, name: str, inventory: Inventory, reviewed: Reviewed) -> Part:
    key = f"{MODEL}{name}"
    if key in inventory.parts:
        return inventory.parts[key]
    folder = Path(str(inventory.tree / path).split(f"/models/{name}/")[0]) / "models" / name
    manifest = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))
    words = manifest["licence"]
    if words not in reviewed.models:
        inventory.unexplained.append(f"{path}: [models] of packaging/licences.toml has not “{words}”.")
    part = Part(
        name, manifest["version"], "machine-learning-model", reviewed.models.get(words, ""), prefix=MODEL
    )
    part.licence_words = "" if words == part.licence else words
    part.note = manifest["title"]["en"]
    part.properties["medgui:data-licence"] = manifest["data_licence"]
    part.properties["medgui:citation"] = manifest["citation"]
    return inventory.part(part)


def notice(inventory: Inventory) -> str:
    """The sources of tables, fonts and of the data behind the models, for people to read."""
    lines = ["Sources of data in medgui", "", "Tables and fonts", ""]
    parts = inventory.sorted()
    for part in (p for p in parts if p.kind in ("data", "file")):
        lines += [f"{part.name}: {part.licence}", *(f"  {x}" for x in (part.note, part.home) if x), ""]
    lines += ["Models: licence, data they were made from, publication", ""]
    for part in (p for p in parts if p.kind == "machine-learning-model"):
        lines += [
            f"{part.name} {part.version}: {part.note}",
            f"  Licence: {part.licence_words or part.licence}",
            f"  Data: {part.properties['medgui:data-licence']}",
            f"  {part.properties['medgui:citation']}",
            "",
        ]
    return "\n".join(lines)
