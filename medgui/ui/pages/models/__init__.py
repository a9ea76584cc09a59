"""The Models page: every model that ships, what is known of it, and why one is refused."""

from medgui.ui.pages.models.page import ModelsPage

__all__ = ["ModelsPage"]
