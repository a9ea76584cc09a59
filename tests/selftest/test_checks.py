"""The self-test finds what is wrong with an installation, names it, and says so when all is right."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from medgui import installed, paths, tables
from medgui.cli import main
from medgui.errors import UserError
from medgui.inference import providers
from medgui.inference.catalogue import Catalogue
from medgui.selftest import (
    checks,
    computer,
    fonts,
    libraries,
    network,
    outcome,
    page,
    program,
    report,
    screen,
)
from medgui.selftest.models import check_answers, check_kernel, check_signatures
from medgui.selftest.outcome import Check, Selftest, State, Surroundings
from tests.helpers.command_line import environment

BUILD = installed.Build("0.1.0", "deb", "linux", "x86_64", "3.13.1", "0" * 40, "2026-11-22")


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(BUILD, lambda: Catalogue({}), quick=True)


@pytest.fixture(scope="module")
def some() -> Surroundings:
    """Three models of those that ship: of each way of explaining one."""
    whole = Catalogue.load()
    kept = {name: whole.bundles[name] for name in ("prevent", "ckd_epi_2021", "mortality_10y")}
    whole.bundles = kept
    return Surroundings(BUILD, lambda: whole)


@pytest.fixture
def own_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped tables that a test may damage."""
    folder = tmp_path / "resources"
    for name in ("knowledge", "theme"):
        shutil.copytree(paths.resources_dir() / name, folder / name)
    (folder / tables.FILE_NAME).write_bytes(tables.compile_tables(folder))
    monkeypatch.setattr(program, "resources_dir", lambda: folder)
    monkeypatch.setattr(tables, "resources_dir", lambda: folder)
    return folder


def test_a_build_is_named_and_a_damaged_build_file_is_a_fault(around: Surroundings) -> None:
    assert "Debian package" in program.check_build(around).sentence
    broken = installed.Build("0.1.0", "deb", "linux", "x86_64", "3.13.1", problem="It is broken.")
    found = program.check_build(Surroundings(broken, around.catalogue))
    assert found.state is State.FAILED
    assert "It is broken." in found.sentence


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-11-20", State.FAILED),
        ("2026-11-21", State.PASSED),  # the build names its day in another time zone
        ("2030-01-01", State.PASSED),
        ("2099-01-01", State.NOTE),
    ],
)
def test_a_clock_before_the_day_of_the_build_is_wrong(around: Surroundings, today: str, state: State) -> None:
    assert program.check_clock(around, date.fromisoformat(today)).state is state


def test_tables_are_right_and_a_changed_one_is_found(around: Surroundings, own_resources: Path) -> None:
    assert program.check_tables(around).state is State.PASSED
    changed = own_resources / "knowledge" / "countries.toml"
    changed.write_bytes(changed.read_bytes() + b"\n# added\n")
    assert "not what it was" in program.check_tables(around).sentence
    changed.write_bytes(b"= nonsense")
    assert program.check_tables(around).state is State.FAILED


def test_both_languages_load_with_the_words_of_qt(around: Surroundings) -> None:
    found = program.check_languages(around)
    assert found.state is State.PASSED
    assert found.details["qtbase_zh_CN"] is True


def test_a_packaged_program_without_its_workshop_is_incomplete(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> None:
        raise UserError("not here")

    monkeypatch.setattr("medgui.workshop.training.require_extra", absent)
    assert program.check_workshop(around).state is State.FAILED
    wheel = installed.Build("0.1.0", "wheel", "linux", "x86_64", "3.13.1")
    assert program.check_workshop(Surroundings(wheel, around.catalogue)).state is State.NOTE


def test_every_model_is_proven_and_a_development_key_is_said_plainly(some: Surroundings) -> None:
    signed, proven = check_signatures(some), check_answers(some)
    assert signed.state is State.NOTE
    assert "Development build" in signed.sentence
    assert proven.state is State.PASSED
    assert proven.details["providers"] == [{"provider": "CPU", "proven": 3, "rejected": {}}]
    assert "CUDA" in proven.details["absent"]


def test_a_refused_model_and_no_models_are_wrong(around: Surroundings) -> None:
    assert "No models" in check_signatures(around).sentence
    catalogue = Catalogue({})
    catalogue.refuse("prevent", "changed after it was signed")
    found = check_signatures(Surroundings(BUILD, lambda: catalogue))
    assert found.state is State.FAILED
    assert "prevent: changed after it was signed" in found.sentence


@pytest.mark.filterwarnings("ignore:Specified provider:UserWarning")  # onnxruntime's own word for it
def test_a_provider_that_does_not_start_is_named_with_its_reason(
    some: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuda = providers.provider_of("cuda")
    for module in ("sessions", "providers"):  # the second imports the name from the first
        monkeypatch.setattr(
            f"medgui.inference.{module}.is_available", lambda each: each in (providers.CPU, cuda)
        )
    found = check_answers(some)
    assert found.state is State.NOTE
    row = next(row for row in found.details["providers"] if row["provider"] == "CUDA")
    assert row["proven"] == 0
    assert set(row["rejected"]) == {"prevent", "ckd_epi_2021", "mortality_10y"}
    assert "CUDA" in found.sentence


def test_the_compiled_kernel_gives_values_reckoned_by_hand(around: Surroundings) -> None:
    found = check_kernel(around)
    assert found.state is State.PASSED
    assert found.details["gap"] < 1e-12


@pytest.fixture
def program_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program folder with two libraries and the list that names them."""
    about = tmp_path / "_internal" / "medgui" / "_data" / "about"
    about.mkdir(parents=True)
    files = {"_internal/libone.so": b"one", "_internal/two/libtwo.so": b"two"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    held = [
        {"name": name, "hashes": [{"alg": "SHA-256", "content": digest}]} for name, digest in digests.items()
    ]
    inner = {"name": "part of it", "components": held[1:]}
    bill = {"components": [{"name": "some", "components": [*held[:1], inner]}, {"name": "other"}]}
    (about / libraries.FILE_NAME).write_text(json.dumps(bill))
    monkeypatch.setattr(libraries, "about_dir", lambda: about)
    return tmp_path


def test_libraries_are_right_and_one_changed_byte_is_found_by_name(program_folder: Path) -> None:
    around = Surroundings(BUILD, lambda: Catalogue({}))
    assert libraries.check_libraries(around).state is State.PASSED
    (program_folder / "_internal" / "two" / "libtwo.so").write_bytes(b"twp")
    found = libraries.check_libraries(around)
    assert found.state is State.FAILED
    assert "libtwo.so" in found.sentence
    (program_folder / "_internal" / "libone.so").unlink()
    assert "2 libraries" in libraries.check_libraries(around).sentence


@pytest.mark.parametrize("text", ["", "[]", '{"components": [1]}', '{"components": [{"components": 1}]}'])
def test_a_damaged_list_of_parts_is_wrong(text: str, program_folder: Path) -> None:
    (program_folder / "_internal" / "medgui" / "_data" / "about" / libraries.FILE_NAME).write_text(text)
    assert libraries.check_libraries(Surroundings(BUILD, lambda: Catalogue({}))).state is State.FAILED


def test_fonts_are_whole_and_cover_rare_names_in_the_window_and_on_paper(
    around: Surroundings, qapp: object
) -> None:
    found = fonts.check_fonts(around)
    assert found.state is State.PASSED
    assert all(found.details["window"].values())
    assert all(found.details["pdf"].values())


def test_one_changed_byte_of_a_font_is_found(tmp_path: Path) -> None:
    shipped = paths.resources_dir() / "fonts" / "NotoSans-Regular.ttf"
    data = bytearray(shipped.read_bytes())
    assert fonts.whole(shipped)
    data[len(data) // 2] ^= 1
    (tmp_path / "changed.ttf").write_bytes(data)
    assert not fonts.whole(tmp_path / "changed.ttf")
    assert not fonts.whole(tmp_path / "absent.ttf")


def test_a_character_that_no_font_has_is_seen_in_the_window(qapp: object) -> None:
    assert fonts.lacking_in_window("A\U000f1234") == ["\U000f1234"]


def test_a_report_holds_names_of_every_script(some: Surroundings) -> None:
    assert report.check_report(Surroundings(BUILD, some.catalogue, quick=True)).state is State.PASSED


def test_a_folder_is_written_to_and_left_as_it_was(tmp_path: Path) -> None:
    computer.try_to_write(tmp_path / "new" / "config")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_fault_in_words(
    around: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MEDGUI_HOME", str(tmp_path / "file"))
    found = computer.check_folders(around)
    assert found.state is State.FAILED
    assert "cannot be written" in found.sentence


def test_the_computer_says_its_memory_and_processors(around: Surroundings) -> None:
    details = computer.check_computer(around).details
    assert details["memory_mb"] > 100
    assert details["processors"] >= 1


def test_the_watch_sees_a_socket_while_it_is_open_and_not_before() -> None:
    with network.watching() as seen:
        for each in socket.socketpair():
            each.close()
        assert seen == [] or sys.platform == "win32"
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
        assert any("socket.__new__" in each for each in seen)
    before = list(seen)
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    assert seen == before
    assert network.check_network(seen).state is State.FAILED


def test_the_kernels_list_shows_what_python_does_not_tell() -> None:
    if not Path("/proc/self/net/udp").exists():
        pytest.skip("the system lists no sockets in /proc")
    before = network.connections()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        assert len(network.connections()) == len(before) + 1
    assert network.connections() == before


def test_a_missing_screen_is_a_note_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in (screen.VARIABLE, "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert "No screen answers" in screen.why_no_screen()
    monkeypatch.setenv("DISPLAY", ":7654")
    assert screen.why_no_screen() != ""
    monkeypatch.setenv(screen.VARIABLE, "offscreen")
    assert screen.why_no_screen() == ""


def test_a_check_that_breaks_is_wrong_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_around: Surroundings) -> Check:
        raise LookupError("nothing there")

    monkeypatch.setattr(checks, "CHECKS", {"clock": broken, "kernel": check_kernel})
    found = checks.run()
    assert [(each.name, each.state) for each in found.checks] == [
        ("clock", State.FAILED),
        ("kernel", State.PASSED),
        ("network", State.PASSED),
    ]
    assert found.state is State.FAILED


def some_result(state: State) -> Selftest:
    long = "A sentence that goes on for more than one line of a terminal, with Łukasz and 林慧敏 in it, and ends here."
    return Selftest(BUILD, tuple(Check(name, state, long) for name in outcome.TITLES))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_fits_eighty_columns_and_one_screen(lang: str) -> None:
    from datetime import UTC, datetime

    from medgui.i18n import using_language

    with using_language(lang):
        rows = page.lines(some_result(State.FAILED), datetime(2026, 11, 22, tzinfo=UTC))
    assert max(page.width(row) for row in rows) <= 80
    assert len(rows) <= 60


def test_the_pdf_of_the_result_is_one_page_that_holds_every_title() -> None:
    from datetime import UTC, datetime

    pages = report.text_of(page.pdf(some_result(State.NOTE), datetime(2026, 11, 22, tzinfo=UTC)))
    assert len(pages) == 1
    assert all(check.title in pages[0] for check in some_result(State.NOTE).checks)


def test_the_command_prints_the_page_and_its_json(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    done = subprocess.run(
        [sys.executable, "-m", "medgui", "selftest", "--quick", "-o", str(out)],
        env=environment(tmp_path / "home"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == "medgui.selftest/1"
    assert {check["name"] for check in told["checks"]} == set(outcome.TITLES) - {"visit"}
    assert {check["state"] for check in told["checks"]} <= {"passed", "note"}


def test_a_fault_gives_its_own_exit_code_and_a_wrong_name_of_the_result_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "run", lambda **_options: some_result(State.FAILED))
    assert main(["selftest"]) == 8
    assert f"{len(outcome.TITLES)} checks failed" in capsys.readouterr().out
    assert main(["selftest", "-o", "result.odt"]) == 2
