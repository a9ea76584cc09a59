"""Make `resources/fonts/NotoHanSupplement-Regular.ttf`: Chinese characters that the bundled faces lack.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3   # and -jp, -hk; unpack each into FOLDER/sc, FOLDER/jp, FOLDER/hk
    python packaging/fonts/han_supplement.py FOLDER

Needs fontTools. Only ideographs and radicals are taken; layout tables and hints are dropped.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"
RANGES = (
    (0x2E80, 0x2FDF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
NAMES = {
    1: "Noto Han Supplement",
    2: "Regular",
    3: "Noto Han Supplement Regular",
    4: "Noto Han Supplement Regular",
    6: "NotoHanSupplement-Regular",
}
DROPPED = ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "STAT", "gasp", "DSIG"]


def part(source: Path, known: set[int], target: Path) -> set[int]:
    """Write the ideographs of *source* that are not *known* and return them."""
    font = TTFont(source)
    wanted = {c for c in font.getBestCmap() if any(lo <= c <= hi for lo, hi in RANGES)} - known
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.drop_tables += DROPPED
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.save(target)
    return wanted


def main(folder: Path) -> None:
    """Take what each package adds, in the order SC, JP, HK, and merge it into one face."""
    known = set(TTFont(FONTS / "NotoSansSC-Regular-gbk.ttf").getBestCmap())
    parts = []
    for code in ("SC", "JP", "HK"):
        source = folder / code.lower() / "package" / "400Regular" / f"NotoSans{code}_400Regular.ttf"
        parts.append(folder / f"part-{code}.ttf")
        known |= part(source, known, parts[-1])
    merged = Merger().merge([str(path) for path in parts])
    for record in merged["name"].names:
        if record.nameID in NAMES:
            record.string = NAMES[record.nameID]
    merged.save(FONTS / "NotoHanSupplement-Regular.ttf")
    print(f"{len(merged.getBestCmap())} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
