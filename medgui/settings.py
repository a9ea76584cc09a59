"""The user's settings: one typed table, kept as JSON in the user's configuration folder.

Each setting is declared once, with its type, default, valid values and one sentence. The preferences page
and docs/settings.md are made from the table. Reading never fails: a damaged file is set aside, a wrong value
gives way to the default, and `Settings.notes` says so in words.

Whoever looks after many computers puts defaults of the clinic, such as its country, into a file of the same form
that only an administrator can write (`paths.shared_settings_file`). They lie between ours and what the user chose;
they lock nothing.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, overload

from medgui.errors import OutputNotWritable, UserError
from medgui.files import reason, set_aside, write_atomic
from medgui.i18n import N_, _, language, localised
from medgui.paths import shared_settings_file, user_config_dir
from medgui.record.countries import countries, guideline_region

T = TypeVar("T")
FILE_NAME = "settings.json"
MOST_NAMED = 12
"""Valid values that a refusal lists."""


@dataclass
class Setting(Generic[T]):
    """One row of the table; as a class attribute of `Settings` it reads and writes that setting.

    *title* and *summary* are English messages to be given to `_`. *choices* maps each valid value to its
    title; *lo* and *hi* bound a number. A setting that is not *visible* has no row on the preferences page.
    """

    default: T
    title: str
    summary: str
    choices: Mapping[T, str] = field(default_factory=dict)
    lo: float = -math.inf
    hi: float = math.inf
    visible: bool = True
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of the attribute."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Setting[T]": ...
    @overload
    def __get__(self, instance: "Settings", owner: type) -> T: ...
    def __get__(self, instance: "Settings | None", owner: type) -> "Setting[T] | T":
        """Return the value in force, or the declaration when asked of the class."""
        return self if instance is None else instance.values.get(self.name, instance.default_of(self))

    def __set__(self, instance: "Settings", value: T) -> None:
        """Check and keep *value*, and tell the listeners; `UserError` where it is not valid."""
        problem = self.problem(value)
        if problem:
            raise UserError(problem)
        if value != self.__get__(instance, Settings):
            instance.values[self.name] = value
            for listener in tuple(instance.listeners):
                listener(self.name)

    def label(self, value: T) -> str:
        """Say one of the valid values in the language in force."""
        return _(self.choices[value])

    @property
    def shared(self) -> bool:
        """Whether a clinic may set it for all users; what the program itself remembers of one user is that user's."""
        return self.visible or bool(self.choices)

    def problem(self, value: object) -> str:
        """Say in a sentence why *value* is not valid; empty where it is."""
        if type(value) is not type(self.default):
            return _("Setting {name}: a value of another kind is needed.").format(name=self.name)
        if self.choices and value not in self.choices:
            listed = list(self.choices)
            valid = ", ".join(str(choice) for choice in listed[:MOST_NAMED]) + "…" * (
                len(listed) > MOST_NAMED
            )
            return _("Setting {name}: choose one of {valid}.").format(name=self.name, valid=valid)
        if isinstance(value, int) and not self.lo <= value <= self.hi:
            sentence = _("Setting {name}: choose a number from {lo} to {hi}.")
            return sentence.format(name=self.name, lo=int(self.lo), hi=int(self.hi))
        return ""


class CountrySetting(Setting[str]):
    """A country or area by its ISO alpha-3 code, or "" for none; the list is read when it is needed."""

    @property
    def choices(self) -> Mapping[str, str]:
        """Codes with the English names."""
        return {"": N_("not set"), **{code: names["en"] for code, names in countries().items()}}

    @choices.setter
    def choices(self, _none: Mapping[str, str]) -> None: ...

    def label(self, value: str) -> str:
        """Say a country by its name and code: both can be searched."""
        names = countries().get(value)
        return f"{localised(names)} ({value})" if names else _("not set")


class Settings:
    """The settings in force. `settings.text_scale` reads one, `settings.text_scale = 150` changes it."""

    language = Setting(
        "system",
        N_("Language"),
        N_("Language of the window, the report and the command line."),
        {"system": N_("As the system"), "en": "English", "zh": "简体中文"},
    )
    theme = Setting(
        "system",
        N_("Colours"),
        N_("Light, dark or high-contrast colours."),
        {
            "system": N_("As the system"),
            "light": N_("Light"),
            "dark": N_("Dark"),
            "contrast": N_("High contrast"),
        },
    )
    text_scale = Setting(
        100,
        N_("Text size"),
        N_("Size of text and rows, in percent, on top of the scale of the display."),
        {size: f"{size}%" for size in (100, 115, 130, 150, 175, 200)},
    )
    units = Setting(
        "language",
        N_("Units"),
        N_("Units in which values are shown. The units in the file are never changed."),
        {
            "language": N_("As the language"),
            "conventional": N_("Conventional (mg/dL, %)"),
            "si": N_("SI (mmol/L, mmol/mol)"),
        },
    )
    country = CountrySetting(
        "",
        N_("Country of the clinic"),
        N_(
            "Where nothing else is stated, published scores take their risk region from it. Each result shows "
            "that it did, and an answer for the patient overrules it."
        ),
    )
    region = Setting(
        "country",
        N_("Region of the clinic"),
        N_("Guidelines of this region are named first. No threshold is changed by it."),
        {
            "country": N_("As the country (United States where none is set)"),
            "us": N_("United States"),
            "europe": N_("Europe"),
            "uk": N_("United Kingdom"),
            "china": N_("China"),
            "other": N_("Another region"),
        },
    )
    execution_provider = Setting(
        "auto",
        N_("Processor"),
        N_("What runs the models. One that gives other answers than the reference is not used."),
        {
            "auto": N_("Fastest that proves right"),
            "cpu": "CPU",
            "cuda": "CUDA",
            "tensorrt_rtx": "TensorRT RTX",
            "directml": "DirectML",
            "coreml": "CoreML",
            "openvino": "OpenVINO",
            "webgpu": "WebGPU",
        },
    )
    single_keys = Setting(
        True,
        N_("One-letter keys"),
        N_("Let single letters and digits act as commands outside of fields."),
    )
    max_file_mb = Setting(
        100,
        N_("Largest patient file"),
        N_("Files above this size, in megabytes, are refused before they are read."),
        lo=1,
        hi=2000,
    )
    max_streamed_mb = Setting(
        1000,
        N_("Largest image or variant file"),
        N_("DICOM and VCF files above this size, in megabytes, are refused before they are read."),
        lo=1,
        hi=100_000,
    )
    column_mappings: Setting[Mapping[str, Any]] = Setting(
        {},
        N_("Column mappings"),
        N_("Which column holds which value, remembered for each table layout."),
        visible=False,
    )

    original_models: Setting[Mapping[str, Any]] = Setting(
        {},
        N_("Original models"),
        N_("Models that run as they were made although a version recalibrated here is installed."),
        visible=False,
    )

    tour = Setting(
        "new",
        N_("Tour"),
        N_("Whether the five-minute tour was offered on the start page, and done."),
        {"new": N_("not offered yet"), "offered": N_("offered"), "done": N_("done")},
        visible=False,
    )

    @property
    def unit_system(self) -> Literal["conventional", "si"]:
        """Units to begin with, "conventional" or "si": SI with Chinese where the user chose none."""
        chosen = self.units if self.units != "language" else {"zh": "si"}.get(language())
        return "si" if chosen == "si" else "conventional"

    @property
    def guidelines(self) -> str:
        """The region whose guidelines are named first: the one chosen, else that of the country, else "us"."""
        if self.region != "country":
            return self.region
        return guideline_region(self.country) if self.country else "us"

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or user_config_dir() / FILE_NAME
        self.values: dict[str, Any] = {}
        self.shared: dict[str, Any] = {}
        self.notes: list[str] = []
        self.listeners: list[Callable[[str], None]] = []
        self._unknown: dict[str, Any] = {}

    @classmethod
    def table(cls) -> Iterator[Setting[Any]]:
        """Go through all declarations in the order of the preferences page."""
        return (item for item in vars(cls).values() if isinstance(item, Setting))

    @classmethod
    def load(cls, path: Path | None = None) -> "Settings":
        """Read the settings file; never fails, see `notes` for what was wrong with it."""
        settings = cls(path)
        settings._take_shared()
        try:
            stored = json.loads(settings.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return settings
        except OSError:
            settings.notes.append(_("The settings file cannot be read. Default settings are used."))
            return settings
        except (ValueError, RecursionError):
            stored = None
        if isinstance(stored, dict):
            settings._take(stored)
        else:
            settings._set_aside()
        return settings

    def save(self) -> None:
        """Write the settings file in one step; `OutputNotWritable` where that is not possible."""
        text = json.dumps({**self._unknown, **self.values}, ensure_ascii=False, indent=2, sort_keys=True)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path, (text + "\n").encode(), private=True)
        except OSError as error:
            sentence = _("The settings cannot be saved: {reason}.")
            raise OutputNotWritable(sentence.format(reason=reason(error, writing=True))) from error

    def remember_mapping(self, layout: str, mapping: Mapping[str, Any]) -> None:
        """Remember which column holds which value for tables of this *layout* (a key made from the headings)."""
        self.column_mappings = {**self.column_mappings, layout: dict(mapping)}

    def use_original(self, model: str, on: bool) -> None:
        """Let the original of *model* run (*on*), or its version that was recalibrated here."""
        others = {name: True for name in self.original_models if name != model}
        self.original_models = {**others, model: True} if on else others

    def default_of(self, setting: Setting[T]) -> T:
        """What *setting* is where the user chose nothing: the clinic's value, else ours."""
        found: T = self.shared.get(setting.name, setting.default)
        return found

    def reset(self) -> None:
        """Go back to the defaults of all visible settings."""
        for setting in self.table():
            if setting.visible:
                setting.__set__(self, self.default_of(setting))
                self.values.pop(setting.name, None)  # so that it follows the clinic's from now on

    def _take(self, stored: dict[str, Any]) -> None:
        known = {setting.name: setting for setting in self.table()}
        for name, value in stored.items():
            if name not in known:
                self._unknown[name] = value  # of a newer version: kept for it
                continue
            problem = known[name].problem(value)
            if problem:
                self.notes.append(_("{problem} The default is used.").format(problem=problem))
            else:
                self.values[name] = value

    def _take_shared(self) -> None:
        """Read the clinic's defaults. What is wrong with them is said and left: the file is not ours to move."""
        file = shared_settings_file()
        if file is None:
            return
        try:
            stored: Any = json.loads(file.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError):
            stored = None
        if not isinstance(stored, dict):
            sentence = _("The settings for all users ({file}) cannot be read and do not count.")
            self.notes.append(sentence.format(file=file))
            return
        known = {setting.name: setting for setting in self.table() if setting.shared}
        for name, value in stored.items():
            if name in known:
                problem = known[name].problem(value)
            else:
                problem = _("There is no setting {name} for all users.").format(name=name)
            if problem:
                sentence = _("In the settings for all users ({file}): {problem}")
                self.notes.append(sentence.format(file=file, problem=problem))
            else:
                self.shared[name] = value

    def _set_aside(self) -> None:
        try:
            name = set_aside(self.path)
        except OSError:
            self.notes.append(_("The settings file is damaged. Default settings are used."))
        else:
            sentence = _("The settings file was damaged and is kept as {name}. Default settings are used.")
            self.notes.append(sentence.format(name=name))
