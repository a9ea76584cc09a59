"""Where the packaged program starts.

A packaged program has no `python -m`: the one module that medgui starts in a process of its own is asked for by the
same words and run here.
"""

import os
import sys

APART = "medgui.workshop.apart"

if (
    sys.platform == "linux"
):  # ours alone: plug-ins of a desktop's own Qt do not fit this one (medgui/surroundings.py)
    if "QT_PLUGIN_PATH" in os.environ:
        os.environ["QT_PLUGIN_PATH_ORIG"] = os.environ["QT_PLUGIN_PATH"]
    os.environ["QT_PLUGIN_PATH"] = os.path.join(sys.prefix, "PySide6", "Qt", "plugins")

if __name__ == "__main__":
    if sys.argv[1:3] == ["-m", APART]:
        import runpy

        del sys.argv[1:3]
        runpy.run_module(APART, run_name="__main__", alter_sys=True)
        sys.exit(0)
    from medgui.__main__ import main

    sys.exit(main())
