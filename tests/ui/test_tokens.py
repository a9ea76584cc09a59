import pytest

from medgui.paths import resources_dir
from medgui.ui.tokens import MODES, Role, Type, load
from tests.ui import colour

TOKENS = load()
GROUNDS = (Role.CANVAS, Role.SURFACE, Role.RAISED)
LEVELS = {
    Role.INFO: Role.INFO_TINT,
    Role.CAUTION: Role.CAUTION_TINT,
    Role.HIGH: Role.HIGH_TINT,
    Role.REFUSED: Role.REFUSED_TINT,
}


@pytest.mark.parametrize("mode", MODES)
def test_every_text_colour_reads_on_every_ground(mode: str) -> None:
    colours = TOKENS.colours[mode]
    for text in (Role.TEXT, Role.MUTED, Role.ACCENT, *LEVELS):
        for ground in (*GROUNDS, Role.ACCENT_TINT, *((LEVELS[text],) if text in LEVELS else ())):
            assert colour.contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert colour.contrast(colours[Role.ON_ACCENT], colours[Role.ACCENT]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_edges_and_focus_rings_stand_out_from_the_ground(mode: str) -> None:
    colours = TOKENS.colours[mode]
    for edge in (Role.CONTROL, Role.FOCUS):
        for ground in (Role.CANVAS, Role.SURFACE):
            assert colour.contrast(colours[edge], colours[ground]) >= 3.0, (edge, ground)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vision", colour.VISION)
def test_any_two_levels_differ_in_every_colour_vision(mode: str, vision: str) -> None:
    names = [TOKENS.colours[mode][level] for level in LEVELS]
    assert colour.smallest_distance(names, vision) >= 13


def test_the_distance_formula_gives_published_values() -> None:
    # Pairs 1 and 17 of the test data of Sharma, Wu and Dalal 2005.
    assert colour.ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert colour.ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)


def test_no_type_is_smaller_than_the_caption() -> None:
    assert min(token.size for token in TOKENS.types.values()) == TOKENS.types[Type.CAPTION].size == 12


def test_a_token_file_without_a_role_is_refused(tmp_path: object) -> None:
    text = (resources_dir() / "theme" / "tokens.toml").read_text(encoding="utf-8")
    broken = tmp_path / "tokens.toml"  # type: ignore[operator]
    broken.write_text(text.replace('focus = ["#0A6EBD", "#8CCBF5", "#00FF66"]', ""), encoding="utf-8")
    with pytest.raises(ValueError, match="focus"):
        load(broken)


def test_pages_and_parts_set_no_style_sheet(repository: object) -> None:
    for path in (repository / "medgui" / "ui").rglob("*.py"):  # type: ignore[operator]
        if path.name != "theme.py":
            assert "setStyleSheet" not in path.read_text(encoding="utf-8"), path
