from __future__ import annotations

import re
from datetime import date
from datetime import timedelta

import edtf
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.record.dates import Span
from detente.record.dates import add_period
from detente.record.dates import counts_from
from detente.record.dates import day
from detente.record.dates import days_between
from detente.record.dates import period
from detente.record.dates import polars_offset
from detente.record.dates import span
from detente.record.dates import span_columns

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])
PERIODS = st.one_of(
    st.builds("P{}Y".format, st.integers(0, 40)),
    st.builds("P{}M".format, st.integers(0, 400)),
    st.builds("P{}W".format, st.integers(0, 60)),
    st.builds("P{}D".format, st.integers(0, 800)),
    st.builds("PT{}H".format, st.integers(0, 100)),
    st.builds("P{}Y{}M{}D".format, st.integers(0, 9), st.integers(0, 30), st.integers(0, 70)),
)


@st.composite
def dates_as_written(draw: st.DrawFn) -> str:
    """Draw a year, a month, a day or a decade, with or without a qualifier."""
    on = draw(DAYS)
    shape = draw(st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "decade"]))
    if shape == "decade":
        return f"{on.year // 10}X"
    return on.strftime(shape) + draw(QUALIFIERS)


@st.composite
def intervals(draw: st.DrawFn) -> str:
    first, second = sorted(draw(st.tuples(DAYS, DAYS)))
    shape = draw(st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
    return f"{first.strftime(shape)}{draw(QUALIFIERS)}/{second.strftime(shape)}{draw(QUALIFIERS)}"


def by_library(text: str) -> Span:
    parsed = edtf.parse_edtf(text)
    return Span(date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3]))


def scalar(text: str) -> Span | None:
    try:
        return span(text)
    except ValueError:
        return None


def by_column(texts: list[str]) -> list[Span | None]:
    frame = span_columns(pl.DataFrame({"on": texts}, schema={"on": pl.String()}), "on")
    pairs = zip(frame["on_first"].to_list(), frame["on_last"].to_list(), strict=True)
    return [Span(first, last) if first and last else None for first, last in pairs]


@settings(max_examples=100, deadline=None)
@given(st.one_of(dates_as_written(), intervals()))
def test_span_is_that_of_the_edtf_library(text: str) -> None:
    assert span(text) == by_library(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(dates_as_written(), intervals()), max_size=12))
def test_column_and_scalar_agree_on_dates(texts: list[str]) -> None:
    assert by_column(texts) == [scalar(text) for text in texts]


# What the two ways are known to read apart has a test of its own below.
APART = re.compile(r"0000|9999|[?~%]{2}")
RUBBISH = st.one_of(st.text(max_size=12), st.text("0123456789-?~%XT/.", max_size=11)).filter(
    lambda text: not APART.search(text)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(RUBBISH, max_size=6))
def test_column_and_scalar_agree_on_rubbish(texts: list[str]) -> None:
    assert by_column(texts) == [scalar(text) for text in texts]


NO_DATES = [
    "", "soon", "2018-13", "2018-02-30", "2019-02-29", "2018-7", "2018-07-1", "18-07-10", "20180710", "2018/..",
    "../2018", "2018-07/2018-06", "10000-01-01", "-0001", "Y17E7", "10.07.2018", "2018-00",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused_by_both(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message differs by form, the type is the contract
        span(text)
    assert by_column([text]) == [None]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-07-10", "2018-07-10", "2018-07-10"),
        ("2018-07", "2018-07-01", "2018-07-31"),
        ("2018-02", "2018-02-01", "2018-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2018-12", "2018-12-01", "2018-12-31"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2018-07/2018-09", "2018-07-01", "2018-09-30"),
        ("2018-12-31/2019", "2018-12-31", "2019-12-31"),
    ],
)
def test_span_of_every_form(text: str, first: str, last: str) -> None:
    wanted = Span(date.fromisoformat(first), date.fromisoformat(last))
    assert span(text) == wanted
    assert by_column([text]) == [wanted]


@pytest.mark.parametrize("qualifier", ["?", "~", "%"])
@pytest.mark.parametrize("text", ["2018", "2018-07", "2018-07-10"])
def test_a_qualifier_moves_nothing(text: str, qualifier: str) -> None:
    assert span(text + qualifier) == span(text)


@pytest.mark.parametrize(
    ("text", "counts"), [("2014-07", "2014-07-31"), ("2014", "2014-12-31"), ("2014-07-02", "2014-07-02")]
)
def test_an_approximate_date_counts_from_its_last_day(text: str, counts: str) -> None:
    assert counts_from(text) == date.fromisoformat(counts)


@pytest.mark.parametrize("text", ["0000", "0000-01", "0000-01-01"])
def test_the_year_zero_is_refused_by_both(text: str) -> None:
    frame = span_columns(pl.DataFrame({"on": [text]}), "on")
    assert scalar(text) is None
    assert frame["on_first"].null_count() == 1


def test_the_last_month_of_the_calendar_is_a_date_for_both() -> None:
    assert [scalar("9999-12")] == by_column(["9999-12"])


@pytest.mark.parametrize("text", ["2018\n", "٢٠١٨"])
def test_only_plain_digits_make_a_year(text: str) -> None:
    assert scalar(text) is None


@pytest.mark.parametrize("text", ["2018??", "2018-07?~%", "2018-07-10~~"])
def test_one_qualifier_is_enough(text: str) -> None:
    assert scalar(text) is None


@pytest.mark.parametrize("text", ["2018??", "2018-07?~%", "2018-07-10~~"])
def test_one_qualifier_is_enough_for_a_column(text: str) -> None:
    assert by_column([text]) == [None]


def test_an_empty_cell_stays_empty() -> None:
    frame = span_columns(pl.DataFrame({"on": [None, "2018"]}, schema={"on": pl.String()}), "on")
    assert frame["on_last"].to_list() == [None, date(2018, 12, 31)]


def test_a_column_without_rows_has_its_spans() -> None:
    frame = span_columns(pl.DataFrame(schema={"on": pl.String()}), "on")
    assert frame.schema["on_first"] == frame.schema["on_last"] == pl.Date()


@given(DAYS)
def test_a_day_is_read_as_written(on: date) -> None:
    assert day(on.isoformat()) == day(on) == on


@pytest.mark.parametrize("text", ["2018", "2018-07", "10.07.2018", "2018-02-30", "2018-07-10\n", "", "٢٠١٨-٠٧-١٠"])
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(DetenteError, match=r"is not a day\. Write it as YYYY-MM-DD"):
        day(text)


@pytest.mark.parametrize(
    ("text", "months", "days", "hours"),
    [
        ("P10Y", 120, 0, 0),
        ("P6M", 6, 0, 0),
        ("P45D", 0, 45, 0),
        ("P2W", 0, 14, 0),
        ("PT24H", 0, 0, 24),
        ("P1Y2M3W4DT5H", 14, 25, 5),
        ("P0D", 0, 0, 0),
    ],
)
def test_period(text: str, months: int, days: int, hours: int) -> None:
    assert period(text) == (months, days, hours)


@pytest.mark.parametrize("text", ["", "P", "PT", "10Y", "p1y", "P1.5Y", "-P1Y", "P1Y ", "P1D2M", "PT30M", "P1H"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 period"):
        period(text)


@pytest.mark.parametrize("text", ["P1YT", "P1Y\n", "P٣Y"])
def test_what_is_nearly_a_period(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 period"):
        period(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=8), PERIODS)
def test_add_period_is_the_step_of_polars(days: list[date], text: str) -> None:
    stepped = pl.Series(days).dt.offset_by(polars_offset(text)).to_list()
    assert [add_period(on, text) for on in days] == stepped


@settings(max_examples=100, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=8), PERIODS)
def test_a_step_back_is_the_step_of_polars(days: list[date], text: str) -> None:
    stepped = pl.Series(days).dt.offset_by("-" + polars_offset(text)).to_list()
    assert [add_period(on, text, -1) for on in days] == stepped


@pytest.mark.parametrize(
    ("start", "text", "wanted"),
    [
        ("2018-01-31", "P1M", "2018-02-28"),
        ("2020-01-31", "P1M", "2020-02-29"),
        ("2020-02-29", "P1Y", "2021-02-28"),
        ("2020-02-29", "P4Y", "2024-02-29"),
        ("2018-12-31", "P2M", "2019-02-28"),
        ("2018-01-31", "P1M1D", "2018-03-01"),
        ("2018-07-10", "PT24H", "2018-07-11"),
        ("2018-07-10", "PT25H", "2018-07-12"),
        ("2018-07-10", "PT1H", "2018-07-11"),
        ("2018-07-10", "P0D", "2018-07-10"),
    ],
)
def test_add_period_at_the_edges(start: str, text: str, wanted: str) -> None:
    on = date.fromisoformat(start)
    assert add_period(on, text) == date.fromisoformat(wanted)
    assert pl.Series([on]).dt.offset_by(polars_offset(text)).item() == date.fromisoformat(wanted)


@given(DAYS, st.integers(0, 24))
def test_several_months_are_counted_from_the_start(on: date, times: int) -> None:
    assert add_period(on, "P1M", times) == add_period(on, f"P{times}M")


@given(DAYS, st.integers(0, 500))
def test_days_between_is_half_open(on: date, days: int) -> None:
    assert days_between(on, on + timedelta(days=days)) == days
