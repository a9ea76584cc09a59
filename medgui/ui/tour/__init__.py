"""The five-minute tour: the real window on a demonstration patient, one step at a time.

Nothing here is imported before the tour is asked for. `steps` is the one table; `conditions` say when a step
is done, `spots` what it frames; `strip` and `marker` are what is seen, and `tour` leads through.
"""
