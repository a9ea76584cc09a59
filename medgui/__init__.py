"""medgui: offline clinical decision support on the doctor's own machine."""

__version__ = "0.1.0"
