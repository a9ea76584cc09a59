"""A whole visit in the real window by mouse and keys: what `medgui selftest --visit` does, and writes down.

`hand` clicks and types through the window's own events, `steps` says what a doctor does, `document` writes what came
out in a form that two installations can compare bit for bit.
"""
