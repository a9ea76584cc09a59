"""The page where a clinic trains a model on its own patients."""

from medgui.ui.pages.workshop.page import WorkshopPage

__all__ = ["WorkshopPage"]
