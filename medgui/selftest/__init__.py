"""The self-test: what a technician asks of a computer on which medgui was just installed.

`checks.run` goes through everything that a visit needs, one `outcome.Check` a subject, each with a state and one
sentence; `visit` opens the real window and does what a doctor does. Nothing here needs a checkout, a network or a
library that only tests have. `medgui selftest` prints the page (docs/command_line.md).
"""
