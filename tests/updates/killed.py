"""Started by test_models.py: install an update in child after child, each killed one step later than the one before.

Arguments: the update, and the folder whose file operations count. Writes as JSON which version of `equation` the
catalogue holds after each kill; the last child ends by itself.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from medgui.inference.catalogue import Catalogue
from medgui.updates import desk, models

EVENTS = {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}


def child(update: Path, home: str, at: int) -> None:
    """Install, and be killed before file operation number *at*."""
    seen = 0

    def hook(event: str, arguments: tuple) -> None:
        nonlocal seen
        if event not in EVENTS or (
            event == "open" and not int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
        ):
            return
        if any(home in str(each) for each in arguments[:2] if isinstance(each, str | os.PathLike)):
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    desk.install(desk.look_at(update))


def main(update: Path, home: str) -> list[str]:
    models._require_sound = lambda *_: None
    backup = Path(home).with_name("backup")
    shutil.copytree(home, backup)
    found: list[str] = []
    for at in range(1, 200):
        number = os.fork()
        if not number:
            child(update, home, at)
            os._exit(0)
        _pid, status = os.waitpid(number, 0)
        loaded = Catalogue.load()
        assert not loaded.refused, loaded.refused
        found.append(loaded.get("equation").header.version)
        assert loaded.get("logistic").header.version == "1.0.0"
        if not status:
            return found
        if found[-1] != "1.1.0":  # from here on a child would refuse: begin again from the old state
            shutil.rmtree(home)
            shutil.copytree(backup, home)
    raise AssertionError("no child came to its end")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
