"""Where every file of the program comes from."""

from email.message import Message
from fnmatch import fnmatchcase
from importlib.metadata import Distribution
from pathlib import Path

from supply import debian
from supply.archive import Archive, read_archive
from supply.environment import Environment, canonical, same_build
from supply.part import Inventory, Part, Refused, is_native
from supply.reviewed import Reviewed, text
from supply.shipped_data import take_data

ABOUT = "medgui/_data/about/"
DATA = "medgui/_data/"
ROOTS = ("_internal/", "Contents/Frameworks/", "Contents/Resources/")
MEDGUI = "medgui"


def explain(tree: Path, environment: Environment, reviewed: Reviewed) -> Inventory:
    """Find the part of every file in *tree*; what has none stands in `unexplained` with the reason."""
    inventory = Inventory(tree)
    links = []
    for file in sorted(tree.rglob("*")):
        path = file.relative_to(tree).as_posix()
        if file.is_symlink():
            links.append(path)
        elif file.is_file() and not inner_path(path).startswith(ABOUT):
            _take(path, inventory, environment, reviewed)
    _follow(links, inventory)
    if MEDGUI not in inventory.parts:
        raise Refused([f"{tree}: no medgui in it."])
    return inventory


def inner_path(path: str) -> str:
    """Path below the folder that stands for site-packages; the path itself where it is above."""
    for root in ROOTS:
        if path.startswith(root):
            return path.removeprefix(root)
    return path


def _take(path: str, inventory: Inventory, environment: Environment, reviewed: Reviewed) -> None:
    inner, file = inner_path(path), inventory.tree / path
    refusal = reviewed.refusal(f"/{path}")
    if refusal:
        inventory.unexplained.append(f"{path}: must not be shipped: {refusal}")
    elif inner.startswith(DATA):
        take_data(path, inner.removeprefix(DATA), inventory, reviewed, environment)
    elif inner in environment.owned:
        owner = environment.owned[inner].owner
        if environment.unchanged(inner, file):
            distribution(owner, inventory, environment, reviewed).take(path, inventory.tree)
        else:
            inventory.unexplained.append(f"{path}: is not the file that {owner} installed.")
    elif inner == path and is_native(file):
        _take_program(path, inventory, environment, reviewed)
    elif _of_python(inner, file, environment):
        python(inventory, environment).take(path, inventory.tree)
    else:
        _take_from_system(path, inventory, reviewed)


def _take_program(path: str, inventory: Inventory, environment: Environment, reviewed: Reviewed) -> None:
    """The executable: PyInstaller's bootloader with the modules of all that is written in Python."""
    archive = read_archive(inventory.tree / path, environment)
    distribution("pyinstaller", inventory, environment, reviewed).take(path, inventory.tree)
    for owner, count in _owners(archive, environment).items():
        if not owner:
            continue
        part = (
            python(inventory, environment)
            if owner == "python"
            else distribution(owner, inventory, environment, reviewed)
        )
        part.properties["medgui:modules"] = str(count)
        if path not in part.files:
            part.files.append(path)
    unknown = [name for name in archive.modules if not owner_of(name, archive, environment)]
    inventory.unexplained += [
        f"{path}: module {name}: nothing in the environment has it." for name in unknown
    ]


def owner_of(module: str, archive: Archive, environment: Environment) -> str:
    """The distribution, "python" or "pyinstaller" that a module in the archive is of; "" where unknown."""
    top = module.split(".")[0]
    if top.startswith(("_pyi_", "pyi_", "pyimod", "pyiboot")):
        return "pyinstaller"
    if top in archive.standard or top.startswith("_sysconfigdata"):
        return "python"
    owner = environment.owner_of_module(module)
    namespace = not owner and any(name.startswith(f"{top}.") for name in environment.modules)
    return "python" if namespace and module == top else owner


def _owners(archive: Archive, environment: Environment) -> dict[str, int]:
    counts: dict[str, int] = {}
    for module in archive.modules:
        owner = owner_of(module, archive, environment)
        counts[owner] = counts.get(owner, 0) + 1
    return counts


def distribution(name: str, inventory: Inventory, environment: Environment, reviewed: Reviewed) -> Part:
    """The part of an installed distribution, with its licence and texts."""
    name = canonical(name)
    if name in inventory.parts:
        return inventory.parts[name]
    found = environment.distributions[name]
    decided = reviewed.distributions.get(name)
    part = Part(name=name, version=found.version, purl=f"pkg:pypi/{name}@{found.version}", home=_home(found))
    part.licence = found.metadata.get("License-Expression") or ""
    if decided is not None:
        part.licence, part.note = decided.licence, decided.note
        part.home = decided.home or part.home
        said = (found.metadata.get("License-Expression") or found.metadata.get("License") or "").strip()
        if said.splitlines()[:1] != ([decided.says] if decided.says else []):
            inventory.unexplained.append(
                f"{name}: its metadata say “{said[:80]}” now: review packaging/licences.toml."
            )
        part.texts = {short: text(short) for short in decided.texts}
        part.texts |= {Path(path).name: (environment.site / path).read_bytes() for path in decided.carried}
    part.texts |= environment.texts(name)
    record = found.read_text("RECORD") or ""
    part.properties["medgui:files-installed"] = str(len(record.splitlines()))
    return inventory.part(part)


def _home(found: Distribution) -> str:
    metadata: Message = found.metadata  # type: ignore[assignment]
    links = dict(
        (part.strip() for part in line.split(",", 1))
        for line in metadata.get_all("Project-URL") or []
        if "," in line
    )
    wanted = {name.lower(): address for name, address in links.items()}
    for name in (
        "homepage",
        "home",
        "home page",
        "source",
        "repository",
        "source code",
        "github",
        "documentation",
    ):
        if name in wanted:
            return wanted[name]
    return metadata.get("Home-page") or next(iter(links.values()), "")


def python(inventory: Inventory, environment: Environment) -> Part:
    """Python itself."""
    if "python" in inventory.parts:
        return inventory.parts["python"]
    version = environment.python_version
    part = Part("Python", version, "platform", "PSF-2.0", home="https://www.python.org")
    part.purl = f"pkg:generic/python@{version}"
    part.source = f"https://www.python.org/ftp/python/{version}/Python-{version}.tar.xz"
    short = ".".join(version.split(".")[:2])
    for file in (f"lib/python{short}/LICENSE.txt", "LICENSE.txt", f"share/doc/python{short}/copyright"):
        if (environment.python_folder / file).is_file():
            part.texts = {"LICENSE.txt": (environment.python_folder / file).read_bytes()}
            break
    return inventory.part(part)


def _of_python(inner: str, file: Path, environment: Environment) -> bool:
    """Whether a file is the interpreter's own: its archive of modules, an extension, its library."""
    if inner == "base_library.zip":
        return True
    folder = environment.python_folder
    places = [
        folder / "lib" / inner,
        folder / inner,
        folder / "DLLs" / Path(inner).name,
        folder / "lib" / file.name,
        folder / file.name,  # a framework of macOS keeps its library beside lib
    ]
    for place in places:
        if place.is_file():
            return place.read_bytes() == file.read_bytes() or same_build(place, file)
    return False


def _take_from_system(path: str, inventory: Inventory, reviewed: Reviewed) -> None:
    package = debian.package_of(inventory.tree / path)
    if package is None:
        inventory.unexplained.append(
            f"{path}: nothing in the environment and no package of the system has it."
        )
        return
    licence = reviewed.debian.get(package.reviewed_name, "")
    if not licence:
        inventory.unexplained.append(
            f"{path}: package {package.name}: packaging/licences.toml has no [debian] line."
        )
        return
    part = Part(package.name, package.version, licence=licence, purl=package.purl, prefix="debian-")
    part.home, part.source = package.home, package.source_place
    copyright_text = package.copyright_text()
    part.texts = {"copyright": copyright_text} if copyright_text is not None else {}
    inventory.part(part).take(path, inventory.tree)


def _follow(links: list[str], inventory: Inventory) -> None:
    """A link belongs to the part of what it leads to."""
    owners = {path: part for part in inventory.parts.values() for path in part.files}
    for link in links:
        target = (inventory.tree / link).resolve()
        inside = target.is_relative_to(inventory.tree.resolve())
        path = target.relative_to(inventory.tree.resolve()).as_posix() if inside else ""
        if path in owners:
            owners[path].files.append(link)
        elif not target.is_dir() or not inside:
            inventory.unexplained.append(f"{link}: leads to nothing that is explained.")


def matches(path: str, pattern: str) -> bool:
    """Whether a file of the program, below its inner folder, fits one of the patterns of packaging/licences.toml."""
    return any(fnmatchcase(inner_path(path), each) for each in pattern.split())
