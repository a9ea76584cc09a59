"""Recalibrate a model on a judged cohort, and put the new signed version beside it, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from medgui.errors import DamagedData, OutputNotWritable, UserError
from medgui.files import reason
from medgui.i18n import _
from medgui.inference.manifest_io import read_manifest
from medgui.paths import own_models_dir, user_data_dir
from medgui.validation.performance import measure_predictions
from medgui.validation.recalibration import recalibrate
from medgui.validation.session import Judged
from medgui.validation.to_json import recalibration_json
from medgui.workshop.install import install
from medgui.workshop.local_version import Source, build, local_id, next_version

ARCHIVE = "models_archive"


def recalibrate_and_install(
    judged: Judged, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Return the result of the validation with what was made. Every `MedguiError` leaves everything as it was."""
    local = judged.local
    new_id = local_id(local.bundle)
    _require_plain(judged)
    found = recalibrate(local.outcome.y, local.p)
    after = measure_predictions(local, found.cross_validated, judged.performance.thresholds, local.file)
    _tell(progress, 1)
    present = _installed_version(new_id)
    version = next_version(local.bundle.manifest.version, present)
    files = build(local.bundle, Source(local, found, judged.performance, after, judged.day), version)
    _tell(progress, 2)
    archive = _free(user_data_dir() / ARCHIVE / f"{new_id}-{present or 'former'}")
    with _in_a_folder(new_id, files) as made:
        install(made, day=judged.day, archive=archive)
    _tell(progress, 3)
    told = {
        "model": new_id,
        "version": version,
        "original": local.bundle.id,
        "archived": f"{ARCHIVE}/{archive.name}" if archive.exists() else "",
        **recalibration_json(found.fit, judged.performance, after),
    }
    return {**judged.result, "recalibration": told}


def _require_plain(judged: Judged) -> None:
    if judged.local.outcome.timed:
        raise UserError(
            _(
                "Recalibration needs an outcome that is known for each person; give it by --label instead of --time."
            )
        )
    if judged.local.weight is not None:
        raise UserError(_("Recalibration with weights is not offered; leave --weight out."))


def _installed_version(new_id: str) -> str:
    """The version that is installed under *new_id*, "" where there is none that can be read."""
    try:
        return read_manifest(own_models_dir() / new_id).version
    except DamagedData:
        return ""


def _free(path: Path) -> Path:
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


@contextmanager
def _in_a_folder(new_id: str, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Give a temporary folder of the name *new_id* with *files*; it is gone at the end. `OutputNotWritable`."""
    with ExitStack() as stack:
        try:
            whole = stack.enter_context(tempfile.TemporaryDirectory(prefix="medgui-"))
            folder = Path(whole) / new_id
            folder.mkdir()
            for name, content in files.items():
                (folder / name).write_bytes(content)
        except OSError as error:
            sentence = _("The new model cannot be written: {reason}.")
            raise OutputNotWritable(sentence.format(reason=reason(error, writing=True))) from error
        yield folder


def _tell(progress: Callable[[int, int], None] | None, step: int) -> None:
    if progress is not None:
        progress(step, 3)
