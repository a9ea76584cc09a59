"""Train, evaluate and export bundles (extra `train`); never imported by the running program."""
