"""The settings page."""

from medgui.ui.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]
