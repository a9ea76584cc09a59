"""Colours, type and lengths in force, and the signal that they changed.

One `theme` object serves the whole program: `theme.color(Role.CAUTION)`, `theme.font(Type.HEAD)`,
`theme.px(12)`. A widget that paints connects `theme.changed` to its update; everything else follows the
palette and the one style sheet. No other module sets a style sheet.
"""

import re
import sys

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from medgui.paths import resources_dir
from medgui.ui.tokens import MODES, S4, S8, S12, S16, S24, S32, SPACE, Role, Tokens, Type, load

__all__ = ["MODES", "S4", "S8", "S12", "S16", "S24", "S32", "SPACE", "Role", "Theme", "Type", "theme"]

_REGULAR = ("NotoSansSC-Regular-gbk.ttf", "NotoSans-Regular.ttf", "NotoHanSupplement-Regular.ttf")
_BOLD = ("NotoSansSC-Bold-gbk.ttf", "NotoSans-Bold.ttf")

_PALETTE = {
    QPalette.ColorRole.Window: Role.CANVAS,
    QPalette.ColorRole.Base: Role.SURFACE,
    QPalette.ColorRole.Button: Role.SURFACE,
    QPalette.ColorRole.AlternateBase: Role.CANVAS,
    QPalette.ColorRole.Text: Role.TEXT,
    QPalette.ColorRole.WindowText: Role.TEXT,
    QPalette.ColorRole.ButtonText: Role.TEXT,
    QPalette.ColorRole.BrightText: Role.TEXT,
    QPalette.ColorRole.PlaceholderText: Role.MUTED,
    QPalette.ColorRole.Mid: Role.BORDER,
    QPalette.ColorRole.Midlight: Role.GRID,
    QPalette.ColorRole.Dark: Role.CONTROL,
    QPalette.ColorRole.Shadow: Role.CONTROL,
    QPalette.ColorRole.Light: Role.RAISED,
    QPalette.ColorRole.Highlight: Role.ACCENT_TINT,
    QPalette.ColorRole.HighlightedText: Role.TEXT,
    QPalette.ColorRole.Link: Role.ACCENT,
    QPalette.ColorRole.LinkVisited: Role.ACCENT,
    QPalette.ColorRole.Accent: Role.ACCENT,
    QPalette.ColorRole.ToolTipBase: Role.RAISED,
    QPalette.ColorRole.ToolTipText: Role.TEXT,
}

_SYSTEM = {
    Role.CANVAS: QPalette.ColorRole.Window,
    Role.SURFACE: QPalette.ColorRole.Base,
    Role.RAISED: QPalette.ColorRole.Base,
    Role.TEXT: QPalette.ColorRole.Text,
    Role.MUTED: QPalette.ColorRole.Text,
    Role.BORDER: QPalette.ColorRole.Text,
    Role.CONTROL: QPalette.ColorRole.ButtonText,
    Role.ACCENT: QPalette.ColorRole.Link,
    Role.ON_ACCENT: QPalette.ColorRole.Base,
    Role.ACCENT_TINT: QPalette.ColorRole.Base,
    Role.FOCUS: QPalette.ColorRole.Link,
}
"""What a contrast theme of Windows puts in place of our roles; levels keep their shape and word."""


class Theme(QObject):
    """The look in force. `apply` changes it; `changed` tells after palette and style sheet are in place."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = load()
        self.mode = "light"
        self.setting = "system"
        self.scale = 1.0
        self._colors: dict[Role, QColor] = {}
        self._loaded: set[str] = set()
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self._watching = False
        self._fill_colors()

    def color(self, role: Role | str) -> QColor:
        """Return the colour of *role* in the mode in force; `ValueError` for a role that does not exist."""
        return self._colors[Role(role)]

    def px(self, length: float) -> int:
        """Scale a length that grows with the text size (type, rows, icons; never margins)."""
        return round(length * self.scale)

    def height(self, name: str) -> int:
        """Return a height of the token file at the text size in force."""
        return self.px(self.tokens.heights[name])

    def width(self, name: str) -> int:
        """Return a width of the token file at the text size in force."""
        return self.px(self.tokens.widths[name])

    def line(self, role: Type) -> int:
        """Return the line height of a type role."""
        return self.px(self.tokens.types[role].line)

    def font(self, role: Type = Type.BODY, *, bold: bool | None = None) -> QFont:
        """Return the font of a type role; *bold* overrides its weight."""
        token = self.tokens.types[role]
        return self.font_of(token.size, bold=token.bold if bold is None else bold)

    def font_of(self, size: float, *, bold: bool = False) -> QFont:
        """Return a font of *size* logical pixels at 100 %, scaled to the text size in force."""
        return self.font_px(self.px(size), bold=bold)

    def font_px(self, pixels: float, *, bold: bool = False) -> QFont:
        """Return a font of exactly *pixels* logical pixels; charts, which scale themselves, ask for this."""
        key = (max(1, round(pixels)), bold)
        known = self._fonts.get(key)
        if known is None:
            self._load_fonts(_BOLD if bold else _REGULAR)
            known = QFont()
            known.setFamilies(list(self.tokens.families))
            known.setPixelSize(key[0])
            known.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
            known = self._fonts[key] = self._hinted(known)
        return QFont(known)

    def source_font(self) -> QFont:
        """Return the monospaced font of source text (12/18)."""
        font = QFont()
        font.setFamilies(list(self.tokens.source_families))
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(self.px(12))
        return self._hinted(font)

    def apply(self, setting: str | None = None, text_scale: int | None = None) -> None:
        """Put a look in force: *setting* is "system", "light", "dark" or "contrast"; *text_scale* percent."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise TypeError("the theme needs a QApplication")
        self.setting = setting or self.setting
        self.scale = (text_scale / 100) if text_scale else self.scale
        self.mode = self._resolve()
        self._fonts.clear()
        self._fill_colors()
        self._watch()
        if not app.property("fusion"):
            app.setStyle("Fusion")
            app.setProperty("fusion", True)
        app.setPalette(self._palette())
        app.setFont(self.font())
        app.setStyleSheet(self._style_sheet())
        self.changed.emit()

    def _resolve(self) -> str:
        if self.setting in MODES:
            return self.setting
        hints = QGuiApplication.styleHints()
        if self._system_contrast():
            return "contrast"
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    @staticmethod
    def _system_contrast() -> bool:
        hints = QGuiApplication.styleHints()
        accessibility = getattr(hints, "accessibility", None)  # Qt 6.10 on
        if accessibility is None:
            return False
        return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)

    def _fill_colors(self) -> None:
        self._colors = {role: QColor(name) for role, name in self.tokens.colours[self.mode].items()}
        if sys.platform == "win32" and self.setting == "system" and self.mode == "contrast":
            platform = QGuiApplication.palette()
            self._colors |= {role: platform.color(theirs) for role, theirs in _SYSTEM.items()}

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def _system_changed(self) -> None:
        if self.setting == "system" and self._resolve() != self.mode:
            self.apply()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for theirs, ours in _PALETTE.items():
            palette.setColor(theirs, self.color(ours))
        disabled = QPalette.ColorGroup.Disabled
        for theirs in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(disabled, theirs, self.color(Role.MUTED))
        return palette

    def _style_sheet(self) -> str:
        values = {role.value: self.color(role).name() for role in Role}
        heights = self.tokens.heights
        values |= {
            "button_inner": f"{self.px(heights['button']) - 2}px",
            "segment_inner": f"{self.px(heights['button']) - 4}px",
            "field_inner": f"{self.px(heights['field']) - 2}px",
            "target": f"{self.px(24)}px",
            "caption": f"{self.px(self.tokens.types[Type.CAPTION].size)}px",
        }
        text = (resources_dir() / "theme" / "window.qss").read_text(encoding="utf-8")
        return re.sub(r"@(\w+)", lambda match: values[match.group(1)], text)

    def _load_fonts(self, names: tuple[str, ...]) -> None:
        """Load font files once; the bold ones wait until the first bold text asks for them."""
        for name in names:
            if name not in self._loaded:
                self._loaded.add(name)
                path = resources_dir() / "fonts" / name
                if path.is_file():
                    QFontDatabase.addApplicationFont(str(path))

    @staticmethod
    def _hinted(font: QFont) -> QFont:
        ratio = QGuiApplication.instance().devicePixelRatio() if QGuiApplication.instance() else 1.0
        preference = QFont.HintingPreference
        font.setHintingPreference(
            preference.PreferNoHinting if ratio > 1 else preference.PreferVerticalHinting
        )
        return font


def send_language_change(window: QObject) -> None:
    """Tell *window* and everything in it that the language changed, so that each part asks for its words."""
    QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


theme = Theme()
