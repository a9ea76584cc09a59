"""The built package in a bare Debian without a network: `make package-test`. See docs/packaging.md, "Proof"."""
