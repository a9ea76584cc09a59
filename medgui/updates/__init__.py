"""Updates from a file (`*.medgui-update`), as carried to a computer without a network on a USB stick (ADR 0026).

container     the ZIP file, read without trusting a byte of it
description   update.json: what the update is, for whom, what it changes
reading       copy from the stick, check the signature, judge whether it may be installed here
models        sets of newer models, put into force by one rename and checked by their golden answers
programs      the program itself, one way of installing for each form of the package
history       who installed what and when
desk          what command line and window ask for
"""
