"""What command line and window ask for: look at an update, install it, take the last one back, list what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medgui.errors import MedguiError, UpdateRefused
from medgui.frozen import frozen
from medgui.i18n import _, language, localised
from medgui.inference.signatures import PublicKey
from medgui.installed import Build, build
from medgui.paths import system_data_dir, update_dirs, user_data_dir
from medgui.updates import history, models, programs
from medgui.updates.description import Kind, Update
from medgui.updates.reading import Progress, Received, may_write, nowhere, receive
from medgui.updates.tools import Tools
from medgui.versions import meets


@frozen
class Change:
    """One thing that gets newer: "medgui" or the id of a model, and its versions; *before* is "" for a new one."""

    id: str
    before: str
    after: str


@frozen
class Offer:
    """An update as it is shown before it is installed. *refused*: why it cannot be installed here, or ""."""

    received: Received
    path: Path
    changes: tuple[Change, ...]
    refused: str = ""
    notes: tuple[str, ...] = ()

    @property
    def update(self) -> Update:
        """What its description says."""
        return self.received.update

    @property
    def title(self) -> str:
        """The title in the language in force."""
        return localised(self.update.title)

    @property
    def words(self) -> tuple[str, ...]:
        """What changes, in the language in force."""
        return tuple(self.update.changes[language() if language() in self.update.changes else "en"])

    @property
    def signer(self) -> str:
        """Whose key signed it."""
        return signer_words(self.received.key)

    def close(self) -> None:
        """Take the copy away."""
        self.received.discard()


@frozen
class Done:
    """What an installation or a roll-back did; *words* is what is left to the user."""

    kind: Kind
    changes: tuple[Change, ...]
    effect: str
    words: str = ""


def signer_words(key: PublicKey) -> str:
    """Say whose key it is, and what that is worth."""
    return {
        "release": _("The makers of medgui (release key)"),
        "development": _("Development key, not for use with patients"),
        "clinic": _("Key of the clinic: {name}").format(name=key.name),
    }[key.kind]


def look_at(path: Path, here: Build | None = None, progress: Progress = nowhere) -> Offer:
    """Copy and check an update file and judge it. Raises as `reading.receive` where nothing of it can be shown."""
    received = receive(path, progress=progress)
    try:
        here = here or build()
        update = received.update
        if update.kind == "program":
            changes: tuple[Change, ...] = (Change("medgui", here.version, update.version),)
        else:
            changes = tuple(Change(*each) for each in models.changes(update, models.present_versions()))
        return Offer(received, path, changes, _refusal(received, here), tuple(_notes(received, changes)))
    except BaseException:
        received.discard()
        raise


def _refusal(received: Received, here: Build) -> str:
    update = received.update
    if not meets(here.version, update.needs):
        return _("This update needs medgui {needed}; this is {version}. Update the program first.").format(
            needed=update.needs.removeprefix(">="), version=here.version
        )
    if update.kind == "program":
        return programs.refused_here(update, here)
    return models.refused_here(received)


def _notes(received: Received, changes: tuple[Change, ...]) -> list[str]:
    """What to know beforehand: a version that the clinic recalibrated gives way to a newer original."""
    if received.update.kind == "program":
        return []
    replaced = {each.id for each in changes if each.before}
    notes = []
    for original in sorted(models.recalibrated() & replaced):
        sentence = _(
            "The version of “{model}” recalibrated here was made from the older one and will not run any more."
        )
        notes.append(sentence.format(model=original))
    return notes


def install(
    offer: Offer,
    here: Build | None = None,
    tools: Tools | None = None,
    progress: Progress = nowhere,
) -> Done:
    """Install what was looked at. On any error everything is as it was; the history says either way."""
    here = here or build()
    if offer.refused:
        raise UpdateRefused(offer.refused)
    folder = _history_of(offer.received)
    facts = _facts(offer)
    try:
        if offer.update.kind == "models":
            models.install_models(offer.received, progress)
            done = Done("models", offer.changes, "now")
        else:
            outcome = programs.install_program(offer.received, offer.path, here, tools, progress)
            done = Done("program", offer.changes, outcome.effect, outcome.words)
    except MedguiError as error:
        history.write(folder, "failed", reason=str(error), **facts)
        raise
    history.write(folder, "installed", **facts)
    return done


def take_back(
    kind: Kind | None = None,
    here: Build | None = None,
    tools: Tools | None = None,
) -> Done:
    """Go back to before the last update of *kind*, or of either. Raises `UpdateRefused` where there is none."""
    here = here or build()
    kind = kind or next(iter(can_take_back(here, tools)), None)
    if kind is None:
        raise UpdateRefused(_("There is no update that can be taken back."))
    if kind == "program":
        outcome = programs.roll_back_program(here, tools)
        changes: tuple[Change, ...] = (Change("medgui", outcome.before, outcome.after),)
        done = Done("program", changes, outcome.effect, outcome.words)
        folder = _state(here.form == "deb")
    else:
        root = _kept_root()
        if root is None:
            raise UpdateRefused(_("No update of models can be taken back here."))
        before = models.present_versions()
        models.roll_back_models(root)
        after = models.present_versions()
        changes = tuple(
            Change(name, before.get(name, ""), after.get(name, ""))
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        )
        done = Done("models", changes, "now")
        folder = root.parent
    shown = ", ".join(f"{each.id} {each.after}".strip() for each in changes)
    history.write(folder, "rolled_back", kind=kind, version=shown, before=_before(changes))
    return done


def can_take_back(here: Build | None = None, tools: Tools | None = None) -> tuple[Kind, ...]:
    """The kinds of update of which the last can be taken back, the later one first."""
    here = here or build()
    found: list[Kind] = []
    if _kept_root() is not None:
        found.append("models")
    if programs.version_before(here, tools):
        found.append("program")
    last = [entry.kind for entry in done_so_far() if entry.what == "installed"]
    found.sort(key=lambda kind: last[::-1].index(kind) if kind in last else len(last))
    return tuple(found)


def done_so_far() -> list[history.Entry]:
    """The histories of this computer and this user together, oldest first."""
    folders = dict.fromkeys(root.parent for root in update_dirs())
    found = [entry for folder in folders for entry in history.read(folder)]
    return sorted(found, key=lambda entry: entry.when)


def _kept_root() -> Path | None:
    """Where the last update of models can be taken back: this user's own first, then that of all users."""
    return next((root for root in reversed(update_dirs()) if models.kept(root)), None)


def _history_of(received: Received) -> Path:
    if received.update.kind == "models":
        return models.root_for(received.key).parent
    return _state(received.update.form == "deb")


def _state(shared: bool) -> Path:
    system = system_data_dir()
    return system if shared and system is not None and may_write(system) else user_data_dir() / "updates"


def _facts(offer: Offer) -> dict[str, Any]:
    update = offer.update
    return {
        "kind": update.kind,
        "version": ", ".join(f"{each.id} {each.after}" for each in offer.changes),
        "before": _before(offer.changes),
        "title": dict(update.title),
        "signer": f"{offer.received.key.kind} {offer.received.key.id}",
        "sha256": offer.received.sha256,
    }


def _before(changes: tuple[Change, ...]) -> str:
    return ", ".join(f"{each.id} {each.before}" for each in changes if each.before)
