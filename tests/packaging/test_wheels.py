"""The list of wheels: the lock is read as pip reads it, and the page tells of every part that is locked."""

import re

import pytest
from wheels import KNOWN_GAPS, LOCK, SYSTEMS, TARGET, Checked, document, needed, read_lock

WINDOWS, MAC, INTEL, LINUX = SYSTEMS
HASHES = "".join(f" \\\n    --hash=sha256:{sign * 64}" for sign in "ab")


def test_a_lock_is_read_with_versions_markers_and_hashes() -> None:
    text = f"# made by make lock\nnumpy==2.5.5{HASHES}\npefile==2024.8.26 ; sys_platform == 'win32'{HASHES}\n"
    numpy, pefile = read_lock(text)
    assert (numpy.name, numpy.version, numpy.marker) == ("numpy", "2.5.5", "")
    assert numpy.hashes == {"a" * 64, "b" * 64}
    assert pefile.is_for(WINDOWS)
    assert not pefile.is_for(MAC)
    assert not pefile.is_for(LINUX)


def test_a_line_without_a_version_is_no_lock() -> None:
    with pytest.raises(ValueError, match="no pin"):
        read_lock("numpy>=2\n")


@pytest.mark.parametrize(
    ("wheel", "oldest"),
    [
        ("numpy-2.5.5-cp313-cp313-macosx_14_0_arm64.whl", (14, 0)),
        ("pandas-3.1.1-cp313-cp313-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl", (2, 24)),
        ("cffi-2.1.1-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", (2, 17)),
        ("numpy-2.5.5-cp313-cp313-win_amd64.whl", None),
        ("joblib-1.6.0-py3-none-any.whl", None),
    ],
)
def test_the_name_of_a_wheel_says_the_oldest_system_that_takes_it(
    wheel: str, oldest: tuple[int, int] | None
) -> None:
    assert needed(wheel) == oldest


def test_the_part_that_asks_for_the_newest_system_decides() -> None:
    checked = Checked(
        MAC,
        {
            "numpy": "numpy-2.5.5-cp313-cp313-macosx_14_0_arm64.whl",
            "cffi": "cffi-2.1.1-cp313-cp313-macosx_11_0_arm64.whl",
            "joblib": "joblib-1.6.0-py3-none-any.whl",
        },
    )
    assert checked.oldest() == "macOS 14.0"
    assert checked.by() == ["numpy"]


def test_what_has_no_wheel_and_what_is_not_locked_is_said() -> None:
    pins = read_lock(f"numpy==2.5.5{HASHES}\nonnxruntime==1.31.1{HASHES}\n")
    wheels = {"numpy": "numpy-2.5.5-cp313-cp313-macosx_14_0_x86_64.whl"}
    page = document(pins, [Checked(INTEL, wheels, unlocked=["numpy"], missing=["onnxruntime"])])
    assert "| onnxruntime | 1.31.1 | **none** |" in page
    assert "The lock lacks the hash of: numpy." in page
    assert "no package for Macs with an Intel processor" in page


def test_the_page_tells_of_every_locked_part_in_its_version() -> None:
    page = TARGET.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| (?:cp|py|not|\*)", page, re.MULTILINE))
    pins = read_lock(LOCK.read_text(encoding="utf-8"))
    assert listed == {(pin.name, pin.version) for pin in pins}, (
        "make it again: python packaging/wheels.py --write"
    )


def test_a_missing_wheel_is_known_and_windows_arm_macs_and_linux_lack_none() -> None:
    page = TARGET.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:Windows|macOS|Linux)[\w ]*) \| \d+ \| ([^|]*) \|", page, re.MULTILINE)
    missing = {(title, name) for title, cell in rows for name in re.findall(r"`([\w-]+)`", cell)}
    assert {title for title, _cell in rows} == {system.title for system in SYSTEMS}
    assert missing == set(KNOWN_GAPS)
    assert {title for title, _name in missing} <= {INTEL.title}
    assert "The lock lacks" not in page
