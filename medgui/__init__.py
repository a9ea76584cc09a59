"""medgui: offline clinical decision support on the doctor's own machine."""

import os

__version__ = "0.1.0"

# From release 1.29 on, onnxruntime sends descriptions of the machine and of each model to its maker, unless one of
# these is set before it is loaded (ADR 0015). Nothing of medgui loads it before this line.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"
