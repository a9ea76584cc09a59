"""The window. It knows Qt and the layers below through `services`; nothing below knows it."""
