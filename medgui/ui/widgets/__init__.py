"""Parts shared by the pages (docs/ui.md shows each with its use)."""
