"""Compile the tables of `resources` and sign the shipped bundles: `make sign` (see packaging/keys/dev/README.md)."""

import sys

from medgui.files import write_atomic
from medgui.inference.sign import main
from medgui.paths import resources_dir
from medgui.tables import FILE_NAME, compile_tables

if __name__ == "__main__":
    write_atomic(resources_dir() / FILE_NAME, compile_tables(resources_dir()))
    sys.exit(main())
