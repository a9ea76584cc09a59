"""A model on a clinic's own patients: local performance, recalibration, the notebook of outcomes.

What each is and is not is said in docs/validation.md.

It needs numpy alone. What writes a new bundle lives in `medgui.workshop.local_version`.
"""
