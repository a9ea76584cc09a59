"""Charts in words: for screen readers, for the PDF's sentences, for anybody who cannot see the picture.

describe.frequency(output, sex="female")
# "Of 100 women like her, about 15 have a heart attack, stroke or heart failure within 10 years."
"""

from __future__ import annotations

from collections.abc import Sequence

from medgui.assessment.finding import Curve, Output, SurvivalCurve
from medgui.assessment.words import LIKELIHOOD, likelihood
from medgui.charts import figures
from medgui.charts.contributions import Row
from medgui.i18n import _, format_count, format_list, language, ngettext, percent_figure


def scale(output: Output) -> str:
    """The scale of one output as sentences: number, interval, category, ends and thresholds."""
    if output.value is None:
        if figures.at_least(output):
            return _("{total} points with what is answered; the others can add points, up to {most}.").format(
                total=figures.at_least(output), most=_most(output)
            )
        if output.interval is not None:
            text = figures.interval_text(output.interval, output)
            return _("No single number: {range} over the plausible values of what is missing.").format(
                range=text
            )
        return output.reason or _("Not calculated.")
    named = output.named and output.category is not None
    parts = [] if named else [_("{value}.").format(value=figures.value_text(output))]
    if output.interval is not None:
        text = figures.interval_text(output.interval, output)
        parts.append(_("Interval {range}.").format(range=text))
    if output.category is not None:
        parts.append(_("Category: {category} ({guideline}).").format(
            category=output.category.text, guideline=output.category.guideline))  # fmt: skip
    side = beyond(output)
    if side:
        parts.append(side)
    if output.bands and not output.named:
        parts.append(_("Bands: {bands}.").format(bands=bands(output)))
    return joined(parts)


def _most(output: Output) -> str:
    return figures.figure(output.interval.hi, output) if output.interval is not None else ""


def beyond(output: Output) -> str:
    """A sentence where the number lies outside of the drawn axis, else ""."""
    lo, hi = output.scale
    if output.value is None or lo <= output.value <= hi:
        return ""
    if output.value > hi:
        return _("Beyond the upper end of the scale.")
    return _("Below the lower end of the scale.")


def bands(output: Output) -> str:
    """The bands with where each starts: "Low, Borderline from 3, Intermediate from 5, High from 10"."""
    k = figures.factor(output.unit)
    words = []
    for number, band in enumerate(output.bands):
        start = figures.plain(band.lo * k)
        if number == 0 or start in band.text:
            words.append(band.text)
        else:
            words.append(_("{band} from {start}").format(band=band.text, start=start))
    return format_list(words)


def waterfall(output: Output, table: Sequence[Row]) -> str:
    """Every row of the explanation as text; the figures add up to the result."""
    unit = _("percentage points") if figures.is_share(output.unit) else figures.unit_words(output.unit)
    parts = []
    for row in table:
        if row.kind == "baseline":
            parts.append(_("Start: {name}, {points}.").format(name=row.name, points=row.points))
        elif row.kind == "patient":
            parts.append(_("{name}: {points}.").format(name=row.name, points=figures.value_text(output)))
        elif row.value:
            parts.append(_("{name} ({value}): {points}.").format(
                name=row.name, value=row.value, points=row.points))  # fmt: skip
        else:
            parts.append(_("{name}: {points}.").format(name=row.name, points=row.points))
    parts.append(_("Unit: {unit}.").format(unit=unit) if unit else "")
    return joined(parts)


def people(value: float) -> tuple[int, int]:
    """A probability as (events, people): whole people of 100, of 1,000 below 1 %.

    Whole people are rounded half up. A probability below 0.0005 gives 0 of 1,000: say "fewer than 1".
    """
    total = 1000 if 0 < value < 0.00995 else 100
    return int(value * total + 0.5 + 1e-9), total


def frequency(output: Output, sex: str | None = None) -> str:
    """The natural frequency as one sentence, "" where the output is no probability, has no number or no event.

    A likelihood ratio in words: "Such values are 26 times as likely in …".

    `sex` is "female", "male" or None. `output.event` follows "about 15 …".
    """
    if output.value is None or not output.event:
        return ""
    if output.unit == LIKELIHOOD:
        return _("Such values are {event}.").format(event=likelihood(output.event, output.value))
    if not figures.is_share(output.unit):
        return ""
    count, total = people(output.value)
    words = {"total": format_count(total), "count": format_count(count), "event": output.event}
    if output.value > 0 and count == 0:
        return _few(sex).format(**words)
    if output.value < 1 and count == total:
        return _nearly_all(sex).format(**words)
    if sex == "female":
        return _("Of {total} women like her, about {count} {event}.").format(**words)
    if sex == "male":
        return _("Of {total} men like him, about {count} {event}.").format(**words)
    return _("Of {total} people like this patient, about {count} {event}.").format(**words)


def _few(sex: str | None) -> str:
    if sex == "female":
        return _("Of {total} women like her, fewer than 1 {event}.")
    if sex == "male":
        return _("Of {total} men like him, fewer than 1 {event}.")
    return _("Of {total} people like this patient, fewer than 1 {event}.")


def _nearly_all(sex: str | None) -> str:
    if sex == "female":
        return _("Of {total} women like her, nearly all {event}.")
    if sex == "male":
        return _("Of {total} men like him, nearly all {event}.")
    return _("Of {total} people like this patient, nearly all {event}.")


def curve(curve_: Curve, output: Output, title: str, unit: str) -> str:
    """The missing-input curve in one sentence: from where to where, and the result at both ends."""
    if not curve_.x:
        return ""
    places = figures.decimals_of(max(curve_.y), output)
    ends = [
        figures.with_unit(figures.figure(y, output, places), output.unit) for y in (curve_.y[0], curve_.y[-1])
    ]
    first, last = (figures.plain(round(x, 2)) for x in (curve_.x[0], curve_.x[-1]))
    if unit:
        first, last = figures.with_unit(first, unit), figures.with_unit(last, unit)
    return _("The result goes from {y0} at {name} {x0} to {y1} at {x1}.").format(
        y0=ends[0], y1=ends[1], name=title, x0=first, x1=last
    )


TOLD = (1.0, 2.0, 5.0)
"""Times of a survival curve that are told in words, in its unit."""
_MONTHS = (6.0, 12.0, 24.0, 60.0)
_DAYS = (30.0, 90.0, 365.0)


def told(curve_: SurvivalCurve) -> list[tuple[float, float]]:
    """The (time, share) pairs that are told: one, two and five years where the curve has them, else its end."""
    wanted = {"mo": _MONTHS, "d": _DAYS}.get(curve_.unit, TOLD)
    pairs = dict(zip(curve_.times, curve_.values, strict=True))
    return [(time, pairs[time]) for time in wanted if time in pairs] or [
        (curve_.times[-1], curve_.values[-1])
    ]


def share_text(share: float) -> str:
    """A share of people in whole per cent; one that is not all or nobody never reads so."""
    return figures.with_unit(percent_figure(share, 0), figures.SHARE)


def survival(curve_: SurvivalCurve) -> str:
    """The survival curve as sentences: the share without the event at one, two and five years, with its limits."""
    limits = dict(zip(curve_.times, zip(curve_.lo, curve_.hi, strict=True), strict=True)) if curve_.lo else {}
    parts = []
    for time, share in told(curve_):
        words = {"time": time_words(time, curve_.unit), "share": share_text(share)}
        if time in limits:
            words["lo"], words["hi"] = (share_text(end) for end in limits[time])
            parts.append(_("after {time} {share} (between {lo} and {hi})").format(**words))
        else:
            parts.append(_("after {time} {share}").format(**words))
    return _("{title}: {shares}.").format(title=curve_.title, shares=format_list(parts))


def time_words(time: float, unit: str) -> str:
    """A time in words: "5 years"."""
    number = figures.plain(time)
    count = int(time) if time == int(time) else 2
    if unit == "mo":
        return ngettext("{n} month", "{n} months", count).format(n=number)
    if unit == "d":
        return ngettext("{n} day", "{n} days", count).format(n=number)
    return ngettext("{n} year", "{n} years", count).format(n=number)


def time_axis(unit: str) -> str:
    """The name of a time axis."""
    return {"mo": _("Months"), "d": _("Days")}.get(unit, _("Years"))


def joined(sentences: Sequence[str]) -> str:
    """Sentences one after another; Chinese needs no space after its full stop."""
    return ("" if language() == "zh" else " ").join(s for s in sentences if s)
