"""The command line: `medgui [FILE]`, read, assess, score, report, models (docs/command_line.md)."""

from medgui.cli.main import main

__all__ = ["main"]
