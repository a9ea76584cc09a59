"""Sign the shipped bundles: `make sign` (see packaging/keys/dev/README.md)."""

import sys

from medgui.inference.sign import main

if __name__ == "__main__":
    sys.exit(main())
