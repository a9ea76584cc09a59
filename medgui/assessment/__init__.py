"""The run over all engines: a Record in, Findings out, with progress and cancel."""
