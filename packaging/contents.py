"""What the packaged program leaves out, and why; read by `medgui.spec` and by the list of parts.

Two kinds: modules that nothing of ours imports, and shared libraries. A library stays out because its licence asks
for more than medgui can give (readline), because it serves what an offline program has no use for (Qt's network, its
VNC screen), or because the one of the computer must be taken: an older libstdc++ beside a newer graphics driver is
what keeps a window from opening, and the computer's fontconfig reads the computer's own configuration.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

MODULES = (
    # Interpreters' and installers' own
    "tkinter", "idlelib", "lib2to3", "pip", "setuptools", "pkg_resources", "wheel", "ensurepip", "venv", "test",
    "pydoc_data", "xxsubtype", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw",
    # Licence: readline is GPL
    "readline", "rlcompleter",
    # No network
    "_ssl", "PySide6.QtNetwork",
    # Notebooks, plots, test tools and compilers that libraries name as options
    "IPython", "ipykernel", "ipywidgets", "jupyter", "matplotlib", "pytest", "hypothesis", "numba", "llvmlite",
    "Cython", "torch", "tensorflow", "xgboost", "catboost", "pyspark", "pyarrow", "pandas.tests", "dask",
    # shap's compiled kernel alone is used (medgui/explain/kernel.py)
    "shap",
    # Qt beyond widgets, SVG and D-Bus
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtXml",
    # onnxruntime's and onnx's tools
    "onnxruntime.transformers", "onnxruntime.tools", "onnxruntime.quantization", "onnxruntime.training",
    "onnxruntime.backend", "onnxruntime.datasets", "onnx.backend",
)  # fmt: skip

_QT = "PySide6/Qt/"
LIBRARIES = {
    "readline is under the GPL without exception": (
        "python3.*/lib-dynload/readline*", "libreadline.so.*", "libtinfo.so.*",
    ),
    "serves a network, or belongs to what does": (
        f"{_QT}plugins/platforms/libqvnc*", f"{_QT}plugins/generic/*", "*libQt6Network.so*", "*libssl.so.*",
        "libgssapi_krb5.so.*", "libkrb5*.so.*", "libk5crypto.so.*", "libcom_err.so.*", "libkeyutils.so.*",
        f"{_QT}plugins/tls/*", f"{_QT}plugins/networkinformation/*",
        "PySide6/Qt6Network.dll", "libssl-3*.dll", "*/QtNetwork.framework/*",
    ),
    "belongs to GTK, which would meet the computer's own": (
        f"{_QT}plugins/platformthemes/libqgtk3*", "libatk-1.0.so.*", "libcairo*.so.*", "libgdk_pixbuf*.so.*",
        "libpango*.so.*", "libharfbuzz.so.*", "libgraphite2.so.*", "libthai.so.*", "libdatrie.so.*",
        "libfribidi.so.*", "libpixman-1.so.*", "libjpeg.so.*", "libXrender.so.*", "libXext.so.*", "libgio-2.0.so.*",
        "libgmodule-2.0.so.*", "libgobject-2.0.so.*", "libmount.so.*", "libblkid.so.*", "libselinux.so.*",
        "libpng16.so.*", "libbrotli*.so.*",
    ),
    "is for screens without a desktop": (
        f"{_QT}plugins/platforms/libqeglfs*", f"{_QT}plugins/platforms/libqlinuxfb*",
        f"{_QT}plugins/platforms/libqminimal*", f"{_QT}plugins/platforms/libqvkkhrdisplay*",
        f"{_QT}plugins/egldeviceintegrations/*", "*libQt6EglF[Ss]*.so*",
    ),
    "draws by software what medgui never asks of OpenGL": ("PySide6/opengl32sw.dll",),
    "reads pictures that medgui does not show": (
        f"{_QT}plugins/imageformats/*qtiff*", f"{_QT}plugins/imageformats/*qwebp*",
        f"{_QT}plugins/imageformats/*qicns*", f"{_QT}plugins/imageformats/*qtga*",
        f"{_QT}plugins/imageformats/*qwbmp*", f"{_QT}plugins/imageformats/*qgif*",
    ),
    "the computer's own is to be taken": (
        "libstdc++.so.6", "libgcc_s.so.1", "libsystemd.so.*", "libgcrypt.so.*", "libgpg-error.so.*", "libcap.so.*",
        "liblz4.so.*", "libzstd.so.*", "libdbus-1.so.*", "libfontconfig.so.*", "libfreetype.so.*", "libexpat.so.*",
        "libglib-2.0.so.*", "libgthread-2.0.so.*", "libpcre2-8.so.*", "libX11.so.*", "libX11-xcb.so.*",
        "libXau.so.*", "libXdmcp.so.*", "libbsd.so.*", "libmd.so.*", "libxkbcommon.so.*", "libz.so.*",
    ),
}  # fmt: skip
"""Reason → patterns of paths below the program's `_internal`, as PyInstaller names them."""

QT_LANGUAGES = ("zh_CN", "en")
DATA = {
    "a language of Qt that medgui does not speak": (f"{_QT}translations/*",),
    "a note of pip's on its own installation": (
        "*.dist-info/RECORD",
        "*.dist-info/INSTALLER",
        "*.dist-info/*.json",
    ),
    "documentation or source of a library": ("*.pyi", "*.pyx", "*.pxd", "*.h", "*.cpp", "*.md", "*.rst"),
}


def left_out(path: str) -> str:
    """Return why the file at *path* (below `_internal`) is not shipped; an empty string where it is."""
    name = PurePosixPath(path.replace("\\", "/")).as_posix()
    for folder in (
        "plugins",
        "translations",
    ):  # on Windows they lie beside Qt's libraries, without a folder Qt
        if name.startswith(f"PySide6/{folder}/"):
            name = f"{_QT}{name.removeprefix('PySide6/')}"
    if name.startswith(f"{_QT}translations/") and name.endswith(
        tuple(f"qtbase_{x}.qm" for x in QT_LANGUAGES)
    ):
        return ""
    if name.startswith("medgui/"):
        return ""
    for table in (LIBRARIES, DATA):
        for reason, patterns in table.items():
            if any(fnmatch(name, pattern) for pattern in patterns):
                return reason
    return ""
