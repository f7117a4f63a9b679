"""Reads a due date: date, time of day, and the zone in which they are meant. Nothing is guessed."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from course.language import _
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
        raise BadDate(_("the due date {day} has no time of day. Write it, e.g. {day} 23:59.").format(day=value))
    found = _SHAPE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        told = _("{text!r} is no due date. Write date, time and zone, e.g. {example} UTC; or none.")
        raise BadDate(told.format(text=value, example=_EXAMPLE))
    day, time, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day} {time.zfill(5) if len(time) < 6 else time.zfill(8)}")
    except ValueError:
        raise BadDate(_("there is no {day} {time}. Mend the date or the time.").format(day=day, time=time)) from None
    return Due(_placed(moment, read_zone(zone) if zone else usual))


def _placed(moment: datetime, zone: tzinfo | None) -> datetime:
    if zone is None:
        told = _(
            "in which time zone is {time}? Write it behind, e.g. {time} UTC, or set timezone at the top of the file."
        )
        raise BadDate(told.format(time=f"{moment:%Y-%m-%d %H:%M}"))
    placed = moment.replace(tzinfo=zone)
    if placed.utcoffset() != placed.replace(fold=1).utcoffset():
        told = _(
            "the clocks change at {time}, so it comes twice or never. Choose another time, or write its offset, e.g. "
            "{time} +02:00."
        )
        raise BadDate(told.format(time=f"{moment:%Y-%m-%d %H:%M}"))
    return placed


def read_zone(name: str) -> tzinfo:
    """The zone of that name (UTC, Europe/Madrid) or offset (+02:00). BadDate where there is none."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if ahead > timedelta(hours=14):
            raise BadDate(_("no time zone is {offset} from UTC.").format(offset=name))
        return timezone(ahead if offset[1] == "+" else -ahead)
    if name.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    if name in _zones():
        return ZoneInfo(name)
    close = difflib.get_close_matches(name, _zones(), 1)
    last = [zone for zone in _zones() if zone.rpartition("/")[2].lower() == name.lower()]
    meant = _("Did you mean {name}?").format(name=(last or close)[0]) if last or close else ""
    told = _("there is no time zone {name!r}.").format(name=name)
    raise BadDate(f"{told} {meant or _('Write one such as Europe/Madrid, or UTC.')}")


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
