"""Reads a due date: date, time of day, and the zone in which they are meant. Nothing is guessed."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from course.rules.model import NONE, Due

_EXAMPLE = "2030-05-01 18:00"
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d?:\d\d(?::\d\d)?) ?([A-Za-z0-9+\-/_:]+)?")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


class BadDate(ValueError):
    """What is written is no time that can only be meant in one way; the message says why, and what to write."""


def read_due(value: object, usual: tzinfo | None) -> Due:
    """The due date as YAML has it: text, a time, or `none`. usual: the zone of one that names none. Raises BadDate."""
    if value == NONE:
        return Due(None)
    if isinstance(value, datetime):
        return Due(_placed(value, value.tzinfo or usual))
    if isinstance(value, date):
        raise BadDate(f"the due date {value} has no time of day. Write it, e.g. {value} 23:59.")
    found = _SHAPE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise BadDate(f"{value!r} is no due date. Write date, time and zone, e.g. {_EXAMPLE} UTC; or none.")
    day, time, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day} {time.zfill(5) if len(time) < 6 else time.zfill(8)}")
    except ValueError:
        raise BadDate(f"there is no {day} {time}. Mend the date or the time.") from None
    return Due(_placed(moment, read_zone(zone) if zone else usual))


def _placed(moment: datetime, zone: tzinfo | None) -> datetime:
    if zone is None:
        told = f"in which time zone is {moment:%Y-%m-%d %H:%M}? Write it behind, e.g. {moment:%Y-%m-%d %H:%M} UTC, "
        raise BadDate(told + "or set timezone at the top of the file.")
    placed = moment.replace(tzinfo=zone)
    if placed.utcoffset() != placed.replace(fold=1).utcoffset():
        told = f"the clocks change at {moment:%Y-%m-%d %H:%M}, so it comes twice or never. "
        raise BadDate(told + f"Choose another time, or write its offset, e.g. {moment:%Y-%m-%d %H:%M} +02:00.")
    return placed


def read_zone(name: str) -> tzinfo:
    """The zone of that name (UTC, Europe/Madrid) or offset (+02:00). BadDate where there is none."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if ahead > timedelta(hours=14):
            raise BadDate(f"no time zone is {name} from UTC.")
        return timezone(ahead if offset[1] == "+" else -ahead)
    if name.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    if name in _zones():
        return ZoneInfo(name)
    close = difflib.get_close_matches(name, _zones(), 1)
    last = [zone for zone in _zones() if zone.rpartition("/")[2].lower() == name.lower()]
    meant = f"Did you mean {(last or close)[0]}?" if last or close else "Write one such as Europe/Madrid, or UTC."
    raise BadDate(f"there is no time zone {name!r}. {meant}")


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
