"""How good a model is: ranking, calibration, thresholds, survival, groups and leaks, each figure with its interval.

Needs numpy alone, so that a clinic can check a model without the extra `train`. Used by the recipes, by the
workshop, by `medgui validate` and by the outcome notebook: one way to each figure.
"""
