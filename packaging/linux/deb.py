"""The Debian package, laid out by hand: `build_deb`.

Not debhelper: the tree is built already, nothing is left for `dh` to do but copy, and a machine that builds would need
it. What `dh_strip`, `dh_shlibdeps` and `dh_md5sums` would do is done by PyInstaller, `depends` and the few lines below;
`check` holds the result against lintian.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from linux.depends import Needs, needs
from linux.icons import icon_files
from linux.manpages import FOLDERS, man_page
from linux.tree import PROGRAM, copy_tree, members, put, put_compressed, require_tree, set_times

APP_ID = "org.medgui.medgui"
"""Id of the program on the desktop. A name in the form that AppStream asks for; no site stands behind it."""
FILES = Path(__file__).resolve().parent / "files"
ROOT = Path(__file__).resolve().parents[2]
FOLDER = "usr/lib/medgui"
MAINTAINER = "The medgui maintainers <maintainers@medgui.invalid>"
"""Where DEBEMAIL says nothing. Policy 5.6.2 asks for an address; RFC 2606 keeps this one from being anybody's."""
SCRIPTS = ("preinst", "postinst", "postrm")
DESCRIPTION = """\
Description: offline clinical decision support with explained results
 medgui opens a patient file (FHIR, C-CDA, HL7 v2, DICOM headers, VCF, CSV,
 XLSX), runs the risk and diagnosis models that apply, and shows what they
 say, how sure they are and why, in English or Chinese. One key makes a PDF
 for the record.
 .
 It opens no connection to a network, and it is not a certified medical
 device: it supports a doctor's decision and makes none.
"""


def debian_version(version: str, *, commits: int | None = None, commit: str = "") -> str:
    """Say *version* as dpkg orders it; with *commits* (their number) and *commit* it is one before that release.

    `0.1.0~dev412+g1a2b3c4` < `0.1.0~dev413+g…` < `0.1.0` (deb-version(7): a tilde sorts before the end).
    """
    plain = re.sub(r"(?<=\d)(a|b|rc)(?=\d)", r"~\1", version)  # 0.2.0rc1 comes before 0.2.0
    return plain if commits is None else f"{plain}~dev{commits}+g{commit[:7]}"


def build_deb(tree: Path, out: Path, *, version: str, epoch: int, level: int = 19) -> Path:
    """Make `medgui_<version>_<arch>.deb` of *tree* in the folder *out*; *version* as from `debian_version`."""
    require_tree(tree)
    architecture = _said("dpkg", "--print-architecture")
    target = out / f"medgui_{version}_{architecture}.deb"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="medgui-deb-", dir=out) as folder:
        root = Path(folder) / "root"
        copy_tree(tree, root / FOLDER)
        _lay_out(root, version, epoch)
        _control(root, version, architecture, needs(tree))
        set_times(root, epoch)
        command = [
            "dpkg-deb",
            "--root-owner-group",
            "-Zzstd",
            f"-z{level}",
            "--build",
            str(root),
            str(target),
        ]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return target


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _lay_out(root: Path, version: str, epoch: int) -> None:
    share = root / "usr/share"
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin" / PROGRAM).symlink_to(f"../lib/medgui/{PROGRAM}")
    for name, content in desktop_files(epoch).items():
        put(share / name, content)
    for language, folder in FOLDERS.items():
        put_compressed(share / "man" / folder / "medgui.1", man_page(language, epoch, version))
    documents = share / "doc/medgui"
    put(documents / "copyright", copyright_text(root / FOLDER))
    put_compressed(documents / "changelog", _debian_changelog(version, epoch))
    put_compressed(documents / "NEWS", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    put(share / "lintian/overrides/medgui", (FILES / "lintian-overrides").read_bytes())


def desktop_files(epoch: int) -> dict[str, bytes]:
    """What a desktop reads, by its path below `share`; the portable form installs the same for one user."""
    files = {
        f"applications/{APP_ID}.desktop": (FILES / f"{APP_ID}.desktop").read_bytes(),
        f"metainfo/{APP_ID}.metainfo.xml": metainfo(epoch).encode("utf-8"),
        "mime/packages/medgui.xml": (FILES / "medgui.xml").read_bytes(),
    }
    return files | {f"icons/hicolor/{path}": data for path, data in icon_files(APP_ID).items()}


_RELEASE = re.compile(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?", re.MULTILINE)


def metainfo(epoch: int) -> str:
    """AppStream data, with the releases of CHANGELOG.md; what is unreleased counts as of the commit's day."""
    from medgui import __version__

    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    lines = []
    for name, date in _RELEASE.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")):
        kind = "development" if name == "Unreleased" else "stable"
        version = __version__ if name == "Unreleased" else name
        lines.append(f'    <release type="{kind}" version="{escape(version)}" date="{date or day}"/>')
    template = (FILES / "metainfo.xml").read_text(encoding="utf-8")
    return template.replace("@RELEASES@", "\n".join(lines))


def copyright_text(program: Path) -> str:
    """The machine-readable copyright file: medgui's own, the fonts', and a pointer to those of every part."""
    fonts = program / "_internal/medgui/_data/resources/fonts"
    if not fonts.is_dir():
        fonts = ROOT / "resources/fonts"
    text = (FILES / "copyright.head").read_text(encoding="utf-8")
    text += "Files: usr/lib/medgui/_internal/medgui/_data/resources/fonts/*\n"
    text += "Copyright: 2022 The Noto Project Authors\nLicense: OFL-1.1\n"
    licence = (fonts / "LICENSE_OFL_NotoSans.txt").read_text(encoding="utf-8")
    return text + "".join(f" {line}\n" if line else " .\n" for line in map(str.rstrip, licence.splitlines()))


def _debian_changelog(version: str, epoch: int) -> str:
    stamp = format_datetime(datetime.fromtimestamp(epoch, UTC))
    return f"medgui ({version}) unstable; urgency=medium\n\n  * See NEWS.gz.\n\n -- {maintainer()}  {stamp}\n"


def maintainer() -> str:
    """Who makes the package: DEBFULLNAME and DEBEMAIL where they are set, as all tools of Debian read them."""
    address = os.environ.get("DEBEMAIL", "")
    if not address:
        return MAINTAINER
    return address if "<" in address else f"{os.environ.get('DEBFULLNAME', 'medgui')} <{address}>"


def _control(root: Path, version: str, architecture: str, need: Needs) -> None:
    control = root / "DEBIAN"
    put(control / "md5sums", "".join(_md5sums(root)))
    for name in SCRIPTS:
        script = (FILES / name).read_text(encoding="utf-8").replace("@VERSION@", version)
        put(control / name, script, 0o755)
    fields = {
        "Package": "medgui",
        "Version": version,
        "Architecture": architecture,
        "Maintainer": maintainer(),
        "Installed-Size": str(_kilobytes(root)),
        "Depends": ", ".join(need.depends),
        "Recommends": ", ".join(need.recommends),
        "Suggests": ", ".join(need.suggests),
        "Section": "science",
        "Priority": "optional",
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    put(control / "control", text + DESCRIPTION)


def _kilobytes(root: Path) -> int:
    """Installed size as deb-substvars(5) counts: whole kilobytes of each file, one of everything else."""
    paths = [path for path in members(root) if "DEBIAN" not in path.relative_to(root).parts]
    return sum(
        -(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1 for path in paths
    )


def _md5sums(root: Path) -> Iterator[str]:
    for path in members(root):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.relative_to(root).parts:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
            yield f"{digest.hexdigest()}  {path.relative_to(root).as_posix()}\n"
