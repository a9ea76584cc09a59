"""The portable archive: `build_portable`. A folder that runs where it is unpacked, from a USB stick too.

medgui-<version>/medgui               starts `current`
                 current              → versions/<version>
                 versions/<version>/  medgui/ (the program tree)
                 share/               what install-desktop.sh registers for one user
"""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from linux.deb import APP_ID, FILES, desktop_files
from linux.depends import needs
from linux.tree import PROGRAM, copy_tree, members, put, require_tree


def build_portable(tree: Path, out: Path, version: str, epoch: int, level: int = 19) -> Path:
    """Make `medgui-<version>-linux-<machine>.tar.zst` of *tree* in the folder *out*. Needs the program `zstd`."""
    require_tree(tree)
    out.mkdir(parents=True, exist_ok=True)
    name = f"{PROGRAM}-{version}"
    target = out / f"{name}-linux-{os.uname().machine}.tar.zst"
    with tempfile.TemporaryDirectory(prefix="medgui-portable-", dir=out) as folder:
        root = Path(folder) / name
        copy_tree(tree, root / "versions" / version / PROGRAM)
        (root / "current").symlink_to(f"versions/{version}")
        _launchers(root, version, epoch, tree)
        _pack(root, target, epoch, level)
    return target


def _launchers(root: Path, version: str, epoch: int, tree: Path) -> None:
    depends = needs(tree).depends
    glibc = depends[0].rpartition(" ")[2].rstrip(")")
    said = {
        "@VERSION@": version,
        "@APP_ID@": APP_ID,
        "@GLIBC@": glibc,
        "@DEPENDS@": " ".join(entry.rpartition("| ")[2].partition(" ")[0] for entry in depends[1:]),
    }
    for source in sorted((FILES / "portable").iterdir()):
        text = source.read_text(encoding="utf-8")
        for mark, value in said.items():
            text = text.replace(mark, value)
        put(root / source.name, text, 0o644 if source.suffix == ".txt" else 0o755)
    for path, content in desktop_files(epoch).items():
        if not path.startswith("metainfo/"):
            put(root / "share" / path, content)


def _pack(root: Path, target: Path, epoch: int, level: int) -> None:
    """Write the archive: sorted, owned by root, one time for all. zstd's threads do not change its output."""
    command = ["zstd", "--quiet", "--force", "-T0", f"-{level}", "-o", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as packer:
        assert packer.stdin is not None
        with tarfile.open(fileobj=packer.stdin, mode="w|", format=tarfile.GNU_FORMAT) as archive:
            for path in (root, *members(root)):
                entry = archive.gettarinfo(path, path.relative_to(root.parent).as_posix())
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = "root"
                entry.mtime = epoch
                entry.mode = 0o755 if entry.isdir() or entry.issym() else entry.mode
                if entry.isreg():
                    with path.open("rb") as stream:
                        archive.addfile(entry, stream)
                else:
                    archive.addfile(entry)
    if packer.returncode:
        raise SystemExit(f"zstd ended with {packer.returncode}")
