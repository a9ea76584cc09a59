"""The catalogue: every bundle of a folder that is signed and sound, and in words why each other one is not.

A start compares every file up to 4 MiB with its signed hash, makes the headers of the bundles from what was compiled
when the folder was signed (`compiled`), and parses a whole manifest when it is first asked for. Larger files, sessions
and golden answers wait for their first use, which checks them again (`bundle`). A folder without a compiled list, or a
bundle that it does not know in this very version, has its manifest read; so have all where the compiled list was
changed after it was signed, and it is refused by name.

Of an id that ships and that an update brought (`update_sets`) the newer version counts. An update that is damaged
refuses its models where what ships is older: nothing falls back to a version that was replaced without saying so.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from medgui.errors import DamagedData, ModelRefused
from medgui.i18n import _, language
from medgui.inference.bundle import Bundle
from medgui.inference.compiled import FILE_NAME as COMPILED_NAME
from medgui.inference.compiled import Entry, read_entries
from medgui.inference.graph_rules import check_graph
from medgui.inference.manifest import InputSpec, Manifest
from medgui.inference.manifest_io import FILE_NAME as MANIFEST_NAME
from medgui.inference.manifest_io import parse_manifest
from medgui.inference.rules import is_yes_no
from medgui.inference.signatures import (
    SignedList,
    Trust,
    default_trust,
    place,
    read_signatures,
)
from medgui.inference.update_sets import FILE_NAME as ACTIVE_NAME
from medgui.inference.update_sets import ModelSet, read_active
from medgui.paths import models_dir, own_models_dir, update_dirs
from medgui.record.variables import DisplayUnit, Variable, declare
from medgui.versions import newer

HASHED_AT_START = 4 * 1024 * 1024
"""Files up to this size (bytes) are hashed when the catalogue is loaded, larger ones when they are first used."""


@dataclass
class Catalogue:
    """Bundles by id. `development` tells that the development key signed at least one of them."""

    bundles: dict[str, Bundle] = field(default_factory=dict)
    development: bool = False
    signers: tuple[str, ...] = ()
    _folders: tuple[Path, ...] = ()
    _trust: Trust = field(default_factory=lambda: Trust(()))
    _refused: dict[str, str] = field(default_factory=dict)
    _language: str = ""
    _sets: tuple[ModelSet, ...] = ()
    _clinics: set[str] = field(default_factory=set)
    _given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(
        cls, folder: Path | None = None, trust: Trust | None = None, *, requested: str = "auto"
    ) -> Catalogue:
        """Load the bundles of *folder*; without it those that ship, those of updates, and the clinic's own.

        *requested* is the id of an execution provider. Never raises for a bad bundle: it is in `refused`.
        """
        trust = trust or default_trust()
        if folder is not None:
            return cls.load_all([folder], trust, requested=requested)
        own = own_models_dir()
        sets, damaged = installed_sets()
        folders = [models_dir(), *(each.folder for each in sets), *([own] if own.is_dir() else [])]
        catalogue = cls.load_all(folders, trust, requested=requested, sets=sets)
        catalogue._refused.update(damaged)
        return catalogue

    @property
    def refused(self) -> dict[str, str]:
        """Id to a sentence that says why the bundle is refused, in the language of the reader."""
        if self._refused and self._language != language():
            again = Catalogue.load_all(self._folders, self._trust, sets=self._sets)
            self._refused = {name: again._refused.get(name, words) for name, words in self._refused.items()}
            self._language = language()
        return self._refused

    @classmethod
    def load_all(
        cls,
        folders: Iterable[Path],
        trust: Trust,
        *,
        requested: str = "auto",
        sets: Iterable[ModelSet] = (),
    ) -> Catalogue:
        """Load the bundles of several folders, each with its own signed list; the first of an id counts.

        *sets*: those of the folders that updates brought; of their bundles the newest of an id counts.
        """
        catalogue = cls(_folders=tuple(folders), _trust=trust, _sets=tuple(sets))
        catalogue._fill(requested)
        return catalogue

    def get(self, model: str) -> Bundle:
        """The bundle of that id. Raises `ModelRefused` with a sentence where it is refused or not there."""
        if model in self.bundles:
            return self.bundles[model]
        if model in self.refused:
            sentence = _("The model “{model}” is refused: {reason}")
            raise ModelRefused(sentence.format(model=model, reason=self.refused[model]))
        raise ModelRefused(_("There is no model “{model}”.").format(model=model))

    def __iter__(self) -> Iterator[Bundle]:
        """The bundles in the order of their ids."""
        return iter(self.bundles[name] for name in sorted(self.bundles))

    def by_clinic(self, model: str) -> bool:
        """Tell whether a clinic's key signed the update that a model came by."""
        return model in self._clinics

    def refuse(self, model: str, sentence: str) -> None:
        """Take a bundle out whose damage showed only in use."""
        self.bundles.pop(model, None)
        self._refused[model] = sentence

    def use(self, requested: str) -> None:
        """Ask every bundle for another execution provider."""
        for bundle in self.bundles.values():
            bundle.use(requested)

    def _fill(self, requested: str) -> None:
        self._language = language()
        signers: list[str] = []
        updates = {each.folder: each for each in self._sets}
        for folder in self._folders:
            found = _with_manifest(str(folder))
            try:
                signed = read_signatures(folder, self._trust)
            except DamagedData as error:
                if folder in updates:
                    self._miss(updates[folder], str(error))
                else:
                    self._refused.update({name: str(error) for name in sorted(found - self.bundles.keys())})
                continue
            signers.append(signed.signer)
            self.development = self.development or signed.key.kind == "development"
            entries = self._compiled(folder, signed)
            listed = {path.partition("/")[0] for path in signed.files if path.endswith(f"/{MANIFEST_NAME}")}
            files = signed.bundles()
            one = updates.get(folder)
            for name in sorted(found | listed | (set(one.models) if one else set())):
                entry = entries.get(name)
                if one is not None:
                    self._update(one, name, signed, files.get(name, {}), requested, entry)
                elif name not in self.bundles:
                    self._add(folder / name, signed, files.get(name, {}), requested, entry)
                else:
                    sentence = _("There is another model of this id already, which counts.")
                    self._refused[place(folder / name)] = sentence
        self.signers = tuple(signers)

    def _update(
        self,
        one: ModelSet,
        name: str,
        signed: SignedList,
        files: Mapping[str, str],
        requested: str,
        entry: Entry | None,
    ) -> None:
        """Let a bundle of an update take the place of an older one, unless a clinic signed it and not the older one."""
        version = one.models.get(name, "0")
        if not self._outdates(version, name):
            return
        clinic = signed.key.kind == "clinic"
        if clinic and (name in self.bundles or name in self._refused) and name not in self._clinics:
            sentence = _("There is another model of this id already, which counts.")
            self._refused[place(one.folder / name)] = sentence
            return
        self.bundles.pop(name, None)
        self._refused.pop(name, None)
        self._add(one.folder / name, signed, files, requested, entry)
        self._given[name] = version
        if name in self.bundles and self.bundles[name].header.version != version:
            self.refuse(
                name, _("{file} is damaged.").format(file=place(one.folder.parent.parent / ACTIVE_NAME))
            )
        if clinic:
            self._clinics.add(name)

    def _outdates(self, version: str, name: str) -> bool:
        """Tell whether *version* is newer than what this computer was given of a model so far.

        Where that is refused and its version is not known, nothing outdates it: it may have been the newer one.
        """
        if name in self.bundles:
            return newer(version, self.bundles[name].header.version)
        if name in self._given:
            return newer(version, self._given[name])
        return name not in self._refused

    def _miss(self, one: ModelSet, sentence: str) -> None:
        """Refuse the models of an update whose list does not hold, but for those that are here as new as that."""
        for name, version in one.models.items():
            if self._outdates(version, name):
                self.bundles.pop(name, None)
                self._refused[name], self._given[name] = sentence, version

    def _compiled(self, folder: Path, signed: SignedList) -> dict[str, Entry]:
        """What was compiled of a folder when it was signed. A list that was changed since counts for nothing."""
        digest = signed.files.get(COMPILED_NAME)
        if digest is None:
            return {}
        try:
            content = _signed_content(str(folder), COMPILED_NAME, digest) or b""
            return read_entries(content, place(folder / COMPILED_NAME))
        except DamagedData as error:
            self._refused[COMPILED_NAME] = str(error)
            return {}

    def _add(
        self,
        folder: Path,
        signed: SignedList,
        files: Mapping[str, str],
        requested: str,
        entry: Entry | None,
    ) -> None:
        try:
            bundle = open_bundle(folder, signed, files, requested=requested, entry=entry)
            self.bundles[folder.name] = bundle
            if bundle.header.own_inputs:
                declare(own_inputs(bundle.manifest))
        except DamagedData as error:
            self._refused[folder.name] = str(error)
            if entry is not None:
                self._given[folder.name] = entry.header().version


def installed_sets() -> tuple[tuple[ModelSet, ...], dict[str, str]]:
    """The sets of updates of this computer, and by the name of its list why a folder of them cannot be used."""
    found: list[ModelSet] = []
    damaged = {}
    for root in update_dirs():
        try:
            found += read_active(root).sets
        except DamagedData as error:
            damaged[place(root / ACTIVE_NAME)] = str(error)
    return tuple(found), damaged


def _with_manifest(folder: str) -> set[str]:
    """The names below *folder* that hold a manifest."""
    try:
        return {name for name in os.listdir(folder) if os.path.lexists(f"{folder}/{name}/{MANIFEST_NAME}")}
    except OSError:
        return set()


def open_bundle(
    folder: Path,
    signed: SignedList,
    files: Mapping[str, str] | None = None,
    *,
    requested: str = "auto",
    whole: bool = False,
    entry: Entry | None = None,
) -> Bundle:
    """Open one bundle of a signed folder. Raises `DamagedData` that names the file that is wrong.

    *whole* hashes every file, also those above `HASHED_AT_START`. The graph of a clinic's own bundle is checked at
    once, that of others and a large one before their first use (`Bundle.proven`) where it was not when they were
    signed. *entry*: what was compiled then; its manifest is made when somebody asks for it. *files*: those of the
    bundle in the signed list, where they are known.
    """
    files = signed.bundles().get(folder.name, {}) if files is None else files
    if not files:
        raise DamagedData(_("{file} is not signed.").format(file=place(folder)))
    _plain_folder(folder, files)
    contents = _contents(folder, files, whole)
    file = f"{folder.name}/{MANIFEST_NAME}"
    if entry is None or entry.manifest != files.get(MANIFEST_NAME):
        bundle = Bundle(parse_manifest(contents.get(MANIFEST_NAME, b""), file, folder.name), folder, files)
    else:
        make = partial(entry.whole, file, folder.name)
        bundle = Bundle(make, folder, files, header=entry.header(), checked_graph=entry.graph)
    bundle.requested = requested
    bundle.graph_bytes = len(contents.get("model.onnx", b"")) or HASHED_AT_START
    for name, digest in bundle.header.hashes.items():
        if files.get(name) != digest:
            sentence = _("{file} is not the file that the manifest describes; run the recipe again.")
            raise DamagedData(sentence.format(file=place(folder / name)))
    if signed.key.kind == "clinic" and "model.onnx" in contents:
        check_graph(contents["model.onnx"], bundle.manifest, place(folder / "model.onnx"))
        bundle.checked_graph = bundle.sha256
    return bundle


def _contents(folder: Path, files: Mapping[str, str], whole: bool) -> dict[str, bytes]:
    """The manifest and the graph; every file is compared with its hash, a large one only if *whole*."""
    found = {}
    for name, digest in files.items():
        most = None if whole or name == MANIFEST_NAME else HASHED_AT_START
        content = _signed_content(str(folder), name, digest, most)
        if content is not None and name in (MANIFEST_NAME, "model.onnx"):
            found[name] = content
    return found


def _signed_content(folder: str, name: str, digest: str, most: int | None = None) -> bytes | None:
    """The bytes of a file, compared with its hash; None where it has more than *most* bytes."""
    try:
        with open(f"{folder}/{name}", "rb", buffering=0) as stream:
            if most is not None and os.fstat(stream.fileno()).st_size > most:
                return None
            content = stream.readall()
    except OSError as error:
        raise DamagedData(_("{file} is missing.").format(file=place(Path(folder, name)))) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedData(_("{file} was changed after it was signed.").format(file=place(Path(folder, name))))
    return content


def _plain_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Raise `DamagedData` for a link, which may lead anywhere, and for a file that is not in the signed list."""
    if os.path.islink(folder):
        raise _is_link(folder)
    for name, place_of in _plain_files(str(folder), ""):
        if name not in files:
            raise DamagedData(_("{file} is not signed.").format(file=place(Path(place_of))))


def _plain_files(folder: str, prefix: str, hidden: bool = False) -> Iterator[tuple[str, str]]:
    """Name below the bundle and path of each file that a signature covers (`signatures.listed_files`), in order."""
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except FileNotFoundError:
        return
    for each in entries:
        if each.is_symlink():
            raise _is_link(Path(each.path))
        left_out = hidden or each.name.startswith(".") or each.name == "__pycache__"
        if each.is_dir():
            yield from _plain_files(each.path, f"{prefix}{each.name}/", left_out)
        elif each.is_file() and not left_out:
            yield f"{prefix}{each.name}", each.path


def _is_link(path: Path) -> DamagedData:
    sentence = _("{file} is a link; a model has to be a plain folder of files.")
    return DamagedData(sentence.format(file=place(path)))


def know_own_inputs() -> None:
    """Make the inputs known that the clinic's own models bring, so that a reader recognises their columns.

    Costs nothing where there is no such model: only the clinic's own folder and those of updates are opened, never
    the shipped one.
    """
    own = own_models_dir()
    sets, _damaged = installed_sets()
    folders = [*(each.folder for each in sets), *([own] if own.is_dir() else [])]
    if folders:
        Catalogue.load_all(folders, default_trust(), sets=sets)


def own_inputs(manifest: Manifest) -> list[Variable]:
    """The inputs that a bundle brings itself: those that its manifest gives a title."""
    return [_variable(spec) for spec in manifest.inputs if spec.title]


def _decimals(spec: InputSpec) -> int:
    """Decimals that show four digits of the largest value seen: 0.1184, 17.99, 1001."""
    largest = max((abs(limit) for limit in spec.seen or ()), default=0.0)
    return min(max(4 - math.ceil(math.log10(largest)), 0), 6) if largest else 2


def _variable(spec: InputSpec) -> Variable:
    yes_no, choice = is_yes_no(spec), bool(spec.categories)
    shown = DisplayUnit("" if choice else spec.unit, 0 if yes_no or choice else _decimals(spec))
    return Variable(
        name=spec.name,
        title=spec.title,
        kind="category" if choice else "boolean" if yes_no else "quantity",
        group="own",
        unit=shown.unit,
        conventional=shown,
        si=shown,
        aliases=spec.columns,
        possible=None if yes_no or choice else spec.accepted,
        max_age_days=spec.max_age_days,
        categories={text: {"en": text, "zh": text} for text in spec.categories},
    )
