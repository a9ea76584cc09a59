"""An update file is copied, and nothing of it is believed before its signature and its hashes hold."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medgui.errors import MedguiError, OutputNotWritable, UnreadableFile, UpdateRefused
from medgui.inference.catalogue import Catalogue
from medgui.updates import desk, reading
from medgui.updates.container import extract, read_container
from medgui.updates.description import parse
from medgui.updates.reading import receive
from tests.updates.conftest import CLINIC, DAY, DEVELOPMENT, RELEASE, STRANGER, WORDS, Computer


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def leftovers(computer: Computer) -> list[Path]:
    return list(computer.home.rglob(f"{reading.INCOMING}*"))


def test_a_signed_update_is_shown_with_what_it_changes_and_leaves_no_copy(computer: Computer) -> None:
    offer = desk.look_at(computer.models("equation 1.1.0", "logistic 1.0.0"))
    assert [(c.id, c.before, c.after) for c in offer.changes] == [
        ("equation", "1.0.0", "1.1.0"),
        ("logistic", "", "1.0.0"),
    ]
    assert offer.title == "Models of November"
    assert offer.words == tuple(WORDS["en"])
    assert offer.signer == "Development key, not for use with patients"
    assert not offer.refused
    assert offer.received.folder.stat().st_mode & 0o777 == 0o700 or os.name == "nt"
    offer.close()
    assert not leftovers(computer)


def test_the_stick_may_change_or_be_pulled_out_once_the_copy_is_made(computer: Computer) -> None:
    path = computer.models("equation 1.1.0")
    offer = desk.look_at(path)
    path.write_bytes(b"something else")
    path.unlink()
    desk.install(offer)
    assert Catalogue.load().get("equation").header.version == "1.1.0"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (STRANGER, "not signed by a key that is trusted here"),
        (CLINIC, "not signed by a key that is trusted here"),
    ],
)
def test_a_key_that_nobody_here_trusts_is_refused(computer: Computer, key: Any, words: str) -> None:
    with pytest.raises(UpdateRefused, match=words):
        receive(computer.models("equation 1.1.0", key=key))
    assert not leftovers(computer)


def test_an_update_without_a_signature_is_refused(computer: Computer) -> None:
    held = entries(computer.models("equation 1.1.0").read_bytes())
    del held["update.json.sig"]
    with pytest.raises(UpdateRefused, match="not signed"):
        receive(computer.stick("bare", computer.maker.zipped(held)))


def test_a_description_that_was_changed_after_signing_is_refused(computer: Computer) -> None:
    held = entries(computer.models("equation 1.1.0").read_bytes())
    held["update.json"] = held["update.json"].replace(b"new coefficients", b"old coefficients")
    with pytest.raises(UpdateRefused, match="changed after it was signed"):
        receive(computer.stick("forged", computer.maker.zipped(held)))


def test_a_release_takes_only_its_own_key_and_for_models_the_clinics(
    computer: Computer, release: Callable[[], None]
) -> None:
    release()
    with pytest.raises(UpdateRefused, match="development key, which a release does not accept"):
        receive(computer.models("equation 1.1.0"))
    with receive(computer.models("equation 1.1.0", key=RELEASE)) as received:
        assert received.key.kind == "release"
    computer.give_key(CLINIC)
    with receive(computer.models("logistic 1.0.0", key=CLINIC)) as received:
        assert received.key.kind == "clinic"
    with pytest.raises(UpdateRefused, match="never the program"):
        receive(computer.program("medgui_9.0.0_amd64.deb", "9.0.0", key=CLINIC))


def test_a_file_that_was_cut_off_is_refused_at_every_length(computer: Computer) -> None:
    content = computer.models("equation 1.1.0").read_bytes()
    lengths = {0, 1, 3, 21, 22, 64, len(content) - 1, *range(0, len(content), len(content) // 60)}
    for length in sorted(lengths):
        with pytest.raises(UnreadableFile, match="cut off"):
            receive(computer.stick("cut", content[:length]))
    assert not leftovers(computer)


def test_bytes_in_front_or_behind_are_refused(computer: Computer) -> None:
    content = computer.models("equation 1.1.0").read_bytes()
    for changed in (b"MZ" + content, content + b"\0", b"\0" * 4096 + content):
        with pytest.raises(MedguiError):
            receive(computer.stick("more", changed))


def test_a_flipped_byte_anywhere_is_noticed_or_changes_nothing_that_is_used(computer: Computer) -> None:
    """What is not noticed lies in dates and attributes of the ZIP file, which nobody reads."""
    content = computer.models("equation 1.1.0").read_bytes()
    wanted, used = entries(content), 0
    for place in range(0, len(content), max(1, len(content) // 150)):
        changed = bytearray(content)
        changed[place] ^= 0x41
        try:
            with receive(computer.stick("flipped", bytes(changed))) as received:
                for name, listed in received.update.files.items():
                    target = received.folder / "out" / name
                    extract(received.container, name, listed.sha256, target)
                    assert target.read_bytes() == wanted[name]
            used += 1
        except (UnreadableFile, UpdateRefused):
            assert not leftovers(computer)
    assert used < 30


def zip_with(*members: tuple[Any, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "payload/../../etc/passwd",
        "/etc/passwd",
        "payload//x",
        "payload/./x",
        "payload\\..\\x",
        "C:/windows/x",
        "payload/a:b",
        "payload/con",
        "payload/NUL.txt",
        "payload/ends.",
        "payload/",
        "payload",
        "other/x",
        "payload/.hidden",
        "payload/-rf",
        "payload/a\u202eb",
        "payload/" + "x" * 300,
        "payload/" + "a/" * 20 + "x",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(computer: Computer, name: str) -> None:
    with pytest.raises(UpdateRefused, match=r"name is not allowed|is not what it says"):
        read_container(computer.stick("trap", zip_with(("update.json", b"{}"), (name, b"x"))))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        ("payload/a", "payload/a"),
        ("payload/a", "payload/A"),
        ("payload/a", "payload/a/b"),
        ("payload/a/b", "payload/a"),
        ("payload/a/b", "payload/A/c"),
    ],
)
def test_two_entries_that_are_one_file_on_some_disk_are_refused(
    computer: Computer, names: tuple[str, ...]
) -> None:
    with pytest.raises(UpdateRefused, match="two entries of one name"):
        read_container(computer.stick("twice", zip_with(*((name, b"x") for name in names))))


def test_links_compressed_and_encrypted_entries_are_refused(computer: Computer) -> None:
    link = zipfile.ZipInfo("payload/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(UpdateRefused, match="a link"):
        read_container(computer.stick("link", zip_with((link, b"/etc/passwd"))))
    bomb = zip_with(("payload/bomb", b"\0" * 10_000_000), method=zipfile.ZIP_DEFLATED)
    with pytest.raises(UpdateRefused, match="compressed or encrypted"):
        read_container(computer.stick("bomb", bomb))
    plain = bytearray(zip_with(("payload/a", b"x")))
    for signature, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        plain[plain.index(signature) + place] |= 1
    with pytest.raises((UpdateRefused, UnreadableFile)):
        read_container(computer.stick("secret", bytes(plain)))


def test_an_entry_that_lies_about_its_size_or_shares_its_bytes_is_refused(computer: Computer) -> None:
    content = zip_with(("payload/a", b"one"), ("payload/b", b"two"))
    directory = content.index(b"PK\1\2")
    for place, value in ((directory + 24, 200), (directory + 20, 200), (22, 200)):
        changed = bytearray(content)
        changed[place] = value
        with pytest.raises((UpdateRefused, UnreadableFile)):
            read_container(computer.stick("lie", bytes(changed)))
    second = content.index(b"PK\1\2", directory + 4)
    changed = bytearray(content)
    changed[second + 42 : second + 46] = bytes(4)
    with pytest.raises((UpdateRefused, UnreadableFile)):
        read_container(computer.stick("overlap", bytes(changed)))


def signed(computer: Computer, change: Callable[[dict[str, Any]], object]) -> Path:
    """An update whose description is changed and then signed by a trusted key."""
    held = entries(computer.models("equation 1.1.0").read_bytes())
    data = json.loads(held["update.json"])
    change(data)
    held["update.json"] = json.dumps(data).encode()
    held["update.json.sig"] = DEVELOPMENT.sign(held["update.json"])
    return computer.stick("signed", computer.maker.zipped(held))


def test_a_newer_schema_is_refused_in_words(computer: Computer) -> None:
    with pytest.raises(UpdateRefused, match="made for a newer medgui"):
        receive(signed(computer, lambda data: data.update(schema="medgui.update/2", surprise={})))


def test_a_need_for_a_newer_program_is_said_and_nothing_can_be_installed(computer: Computer) -> None:
    offer = desk.look_at(signed(computer, lambda data: data.update(needs={"medgui": ">=99.1"})))
    assert "needs medgui 99.1" in offer.refused
    with pytest.raises(UpdateRefused, match=r"99\.1"):
        desk.install(offer)
    offer.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(kind="script"),
        lambda d: d.update(version="new"),
        lambda d: d.update(created="yesterday"),
        lambda d: d.update(models=[]),
        lambda d: d["models"].append(d["models"][0]),
        lambda d: d["models"][0].update(id="../x"),
        lambda d: d["title"].update(en="\u202eevil"),
        lambda d: d["title"].update(en="two\nlines"),
        lambda d: d["title"].pop("zh"),
        lambda d: d["changes"].update(en=[]),
        lambda d: d["changes"].update(en=["x" * 5000]),
        lambda d: d["changes"].update(en="text"),
        lambda d: d.update(needs={"medgui": "<1"}),
        lambda d: d["files"].update({"payload/x": {"sha256": "0", "size": 1}}),
        lambda d: d.update(schema="medgui.update/0"),
        lambda d: d.update(schema="other/1"),
        lambda d: d.pop("files"),
    ],
)
def test_a_description_that_breaks_a_rule_is_refused_even_where_it_is_signed(
    computer: Computer, change: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises(UnreadableFile, match="breaks a rule"):
        receive(signed(computer, change))


def test_a_description_that_names_something_twice_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        parse(b'{"schema": "medgui.update/1", "schema": "medgui.update/1"}')
    with pytest.raises(UnreadableFile):
        parse(b"[" * 100_000)
    with pytest.raises(UnreadableFile):
        parse(b'{"schema": NaN}')


def test_files_that_the_signed_list_does_not_name_are_refused(computer: Computer) -> None:
    held = entries(computer.models("equation 1.1.0").read_bytes())
    with pytest.raises(UpdateRefused, match="does not hold the files"):
        receive(computer.stick("more", computer.maker.zipped({**held, "payload/extra": b"x"})))
    del held["payload/equation/golden.npz"]
    with pytest.raises(UpdateRefused, match="does not hold the files"):
        receive(computer.stick("less", computer.maker.zipped(held)))


def test_a_full_disk_is_said_before_anything_is_copied(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    path = computer.models("equation 1.1.0")
    usage = type(shutil.disk_usage("."))
    monkeypatch.setattr(reading.shutil, "disk_usage", lambda _path: usage(10, 10, 0))
    with pytest.raises(OutputNotWritable, match="no room for the update"):
        receive(path)
    assert not leftovers(computer)


def test_the_same_sources_make_the_same_update(computer: Computer) -> None:
    first = computer.models("equation 1.1.0").read_bytes()
    assert computer.models("equation 1.1.0").read_bytes() == first
    digest = hashlib.sha256(first).hexdigest()
    with receive(computer.stick("again", first)) as received:
        assert (received.sha256, received.update.created) == (digest, DAY)
