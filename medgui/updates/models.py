"""Newer models put into force, and taken back: the set is whole on the disk before one rename lets it count.

    <root>/sets/<version>-<hash>/   each set as it was signed; what it holds is never changed
    <root>/ACTIVE                   names the sets in force and those before (`inference.update_sets`)

The steps: the payload is taken out into a hidden folder, each file against its signed hash; the list of the models
in it has to be signed by the key of the update; every golden answer of every model of the catalogue as it would be
is computed; the folder gets its name; `ACTIVE` is replaced; the golden answers of what came are computed once more
from where it lies now. A process that is killed, or a disk that is full, leaves the old `ACTIVE` or the new one, and
whatever else it left is cleared by the next installation.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from medgui.errors import DamagedData, OutputNotWritable, UpdateRefused
from medgui.files import holding, reason, replacing, sync_folder, write_atomic
from medgui.i18n import _, format_list
from medgui.inference.catalogue import Catalogue, installed_sets
from medgui.inference.manifest_io import FILE_NAME as MANIFEST_NAME
from medgui.inference.manifest_io import read_manifest
from medgui.inference.signatures import FILE_NAME as LIST_NAME
from medgui.inference.signatures import PublicKey, Trust, default_trust, place, read_signatures
from medgui.inference.update_sets import FILE_NAME, SETS, Active, ModelSet, active_text, read_active
from medgui.paths import models_dir, own_models_dir, system_data_dir, user_data_dir
from medgui.updates.container import PAYLOAD, extract
from medgui.updates.description import Update
from medgui.updates.reading import Progress, Received, may_write, nowhere
from medgui.versions import newer

STAGING = ".staging-"
BEFORE = ".before"


def root_for(key: PublicKey) -> Path:
    """Where a set signed by *key* goes: for all users where this account may write there and each of them trusts it."""
    system = system_data_dir()
    if system is not None and key.kind != "clinic" and may_write(system):
        return system / "models"
    return user_data_dir() / "updates" / "models"


def present_versions() -> dict[str, str]:
    """The version in force of each model that ships or came by an update."""
    shipped = _catalogue(installed_sets()[0], default_trust(), own=False)
    return {bundle.id: bundle.header.version for bundle in shipped}


def _clashes(received: Received) -> str:
    """Say why the ids of an update cannot be its own here; "" where they can."""
    shipped = _catalogue(installed_sets()[0], default_trust(), own=False)
    for name in received.update.models:
        if received.key.kind == "clinic" and name in shipped.bundles and not shipped.by_clinic(name):
            sentence = _("A clinic’s key cannot replace a model that comes with the program: {model}.")
            return sentence.format(model=name)
        if name not in shipped.bundles and (own_models_dir() / name).is_dir():
            return _("This clinic has a model of its own with the id “{model}”.").format(model=name)
    return ""


def changes(update: Update, present: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Id, version in force ("" for none) and version to come of each model that gets newer."""
    return [
        (name, present.get(name, ""), version)
        for name, version in update.models.items()
        if name not in present or newer(version, present[name])
    ]


def recalibrated() -> set[str]:
    """The models of which this clinic has a version of its own, recalibrated on its patients."""
    own = own_models_dir()
    if not own.is_dir():
        return set()
    lineages = [bundle.header.lineage for bundle in Catalogue.load(own)]
    return {each.model for each in lineages if each is not None and each.made == "recalibrated"}


def install_models(received: Received, progress: Progress = nowhere) -> Path:
    """Put the models into force; give the folder of the set. On any error everything is as it was.

    Raises `UpdateRefused` where they are not newer, not signed as the update is, or give other than their golden
    answers; `OutputNotWritable` where the disk is full or read-only.
    """
    trust = default_trust()
    root = root_for(received.key)
    with _writing(root):
        _make(root / SETS)
        with holding(root / ".lock"):
            active = read_active(root)
            _clear(root, active)
            refusal = refused_here(received)
            if refusal:
                raise UpdateRefused(refusal)
            staging = root / f"{STAGING}{os.urandom(6).hex()}"
            try:
                return _put(received, root, active, staging, trust, progress)
            finally:
                shutil.rmtree(staging, ignore_errors=True)


def refused_here(received: Received) -> str:
    """Say why the models cannot be installed on this computer; "" where they can."""
    if not changes(received.update, present_versions()):
        return _already_here(received.update)
    return _clashes(received)


def _already_here(update: Update) -> str:
    listed = format_list([f"{name} {version}" for name, version in list(update.models.items())[:6]])
    return _("This computer already has these models, or newer ones: {models}.").format(models=listed)


def roll_back_models(root: Path) -> Active:
    """Let the sets of before the last installation in *root* be in force again; give what was in force until now.

    Raises `UpdateRefused` where nothing can be taken back, `OutputNotWritable` where *root* cannot be written.
    """
    with _writing(root):
        if not root.is_dir():
            raise UpdateRefused(_("No update of models can be taken back here."))
        with holding(root / ".lock"):
            active = read_active(root)
            if active.previous is None:
                raise UpdateRefused(_("No update of models can be taken back here."))
            others = [each for each in installed_sets()[0] if each not in active.sets]
            after = _catalogue((*active.previous, *others), default_trust())
            back = {name for one in active.previous for name in one.models}
            _require_sound(after, back & after.bundles.keys() | back & after.refused.keys())
            _activate(root, Active(active.previous))
            return active


def kept(root: Path) -> bool:
    """Tell whether an update of models can be taken back."""
    try:
        return read_active(root).previous is not None
    except DamagedData:
        return False


def _put(
    received: Received, root: Path, active: Active, staging: Path, trust: Trust, progress: Progress
) -> Path:
    update = received.update
    staging.mkdir(mode=0o755)
    _take_out(received, staging, lambda share: progress(0.5 * share))
    _require_list(received, staging, trust)
    others = [each for each in installed_sets()[0] if each not in active.sets]
    staged = ModelSet(staging, update.models)
    before = _catalogue((*active.sets, *others), trust)
    after = _catalogue((*active.sets, *others, staged), trust)
    _require_sound(after, update.models, before)
    _require_in_force(after, [name for name, _old, _new in changes(update, present_versions())], staging)
    progress(0.9)
    _sync(staging)
    target = root / SETS / f"{update.version}-{received.sha256[:12]}".lower()
    staging.rename(target)
    sync_folder(root / SETS)
    new = ModelSet(target, update.models)
    write_atomic(root / BEFORE, active_text(active))
    try:
        _activate(root, Active((*_still_needed(active.sets, new), new), previous=active.sets))
        _require_sound(_catalogue(installed_sets()[0], trust), update.models)
    except BaseException:
        _put_back(root, active, target)
        raise
    progress(1.0)
    return target


def _put_back(root: Path, active: Active, target: Path) -> None:
    """Leave `ACTIVE` as it was, by a rename that needs no room, and nothing of the set."""
    if read_active(root) != active:
        (root / BEFORE).replace(root / FILE_NAME)
        sync_folder(root)
    shutil.rmtree(target, ignore_errors=True)


def _take_out(received: Received, staging: Path, progress: Progress) -> None:
    done, size = 0, received.update.size or 1

    def taken(number: int) -> None:
        nonlocal done
        done += number
        progress(done / size)

    for name, listed in received.update.files.items():
        extract(received.container, name, listed.sha256, staging / name.removeprefix(PAYLOAD), taken)


def _require_list(received: Received, staging: Path, trust: Trust) -> None:
    """The models' own list, which every later start trusts, is of the update's key and covers what came."""
    try:
        signed = read_signatures(staging, Trust((received.key,), trust.release, trust.rejected))
        held = {name.removeprefix(PAYLOAD): each.sha256 for name, each in received.update.files.items()}
        held.pop(LIST_NAME, None)
        if dict(signed.files) != held:
            raise DamagedData(
                _("{file} does not name the files that came.").format(file=place(staging / LIST_NAME))
            )
        found = {folder.name: read_manifest(folder).version for folder in _bundles(staging)}
        if found != dict(received.update.models):
            raise DamagedData(_("The models are not of the versions that the update names."))
    except DamagedData as error:
        raise UpdateRefused(_("The update is refused: {reason}").format(reason=error)) from error


def _bundles(staging: Path) -> list[Path]:
    return sorted(path.parent for path in staging.glob(f"*/{MANIFEST_NAME}"))


def _catalogue(sets: tuple[ModelSet, ...], trust: Trust, *, own: bool = True) -> Catalogue:
    """The catalogue as it is, or would be, with *sets* of updates."""
    mine = [own_models_dir()] if own and own_models_dir().is_dir() else []
    folders = [models_dir(), *(each.folder for each in sets), *mine]
    return Catalogue.load_all(folders, trust, sets=sets)


def _require_sound(
    catalogue: Catalogue, models: Mapping[str, str] | set[str], before: Catalogue | None = None
) -> None:
    """Every file, rule and golden answer of *models*; of all others too where *before* shows how they were.

    Raises `UpdateRefused` that names the first model that does not hold.
    """
    from medgui.inference.verify import verify

    if before is not None:
        checked = verify(catalogue)
    else:
        checked = tuple(each for name in sorted(models) for each in verify(catalogue, name))
    for each in checked:
        if each.sound or (each.id not in models and not _was_sound(before, each.id)):
            continue
        sentence = _(
            "The update is refused, and nothing was changed: the model “{model}” did not hold: {reason}"
        )
        raise UpdateRefused(sentence.format(model=each.id, reason=each.problems[0]))


def _require_in_force(catalogue: Catalogue, models: list[str], folder: Path) -> None:
    """What was promised to come has to be what would run."""
    for name in models:
        if catalogue.bundles[name].folder.parent != folder:
            sentence = _(
                "The update is refused, and nothing was changed: the model “{model}” would not be used."
            )
            raise UpdateRefused(sentence.format(model=name))


def _was_sound(before: Catalogue | None, model: str) -> bool:
    from medgui.inference.verify import verify

    return before is not None and model in before.bundles and verify(before, model)[0].sound


def _still_needed(sets: tuple[ModelSet, ...], new: ModelSet) -> list[ModelSet]:
    """Those of *sets* with a model that neither *new* nor a later one has as new."""
    found: list[ModelSet] = []
    for number, one in enumerate(sets):
        others = (*sets[number + 1 :], new)
        best = {name: v for other in others for name, v in other.models.items() if name in one.models}
        if any(name not in best or newer(version, best[name]) for name, version in one.models.items()):
            found.append(one)
    return found


def _activate(root: Path, active: Active) -> None:
    """Replace `ACTIVE`: the one moment at which an update, or its end, comes into force."""
    with replacing(root / FILE_NAME) as stream:
        if hasattr(os, "fchmod"):
            os.fchmod(stream.fileno(), 0o644)
        stream.write(active_text(active))
    sync_folder(root)


def _clear(root: Path, active: Active) -> None:
    """Take away what a killed installation left, and sets that are neither in force nor kept."""
    wanted = {each.folder.name for each in (*active.sets, *(active.previous or ()))}
    for path in (*root.glob(f"{STAGING}*"), *(root / SETS).glob("*")):
        if path.name not in wanted and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Open to all readers whatever the account's mask was, and with its names on the disk."""
    for inner, _folders, files in os.walk(folder, topdown=False):
        for name in files:
            Path(inner, name).chmod(0o644)
        Path(inner).chmod(0o755)
        sync_folder(Path(inner))


def _make(folder: Path) -> None:
    for each in (folder.parent.parent, folder.parent, folder):
        if not each.is_dir():
            each.mkdir(parents=True, mode=0o755)
            each.chmod(0o755)


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = _("The update cannot be installed, and nothing was changed: {reason}.")
        raise OutputNotWritable(sentence.format(reason=reason(error, writing=True))) from error
    except DamagedData as error:
        raise UpdateRefused(str(error)) from error
