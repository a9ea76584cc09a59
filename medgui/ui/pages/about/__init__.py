"""About medgui: the build, what it is and is not, every part with its licence."""

from medgui.ui.pages.about.page import AboutPage

__all__ = ["AboutPage"]
