"""Finds who on a class's list is who in the gradebook, and says what the list changes there. Nobody is ever removed.

A platform's number, an id or an e-mail address tells for sure. By name alone somebody is known again only where nothing
speaks against it and no namesake is about: so are learners whose work came before the list, by the names of its files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from course.grading.gradebook.store import ClassFolder, Person
from course.grading.intake.class_list import ClassList, Listed, read_class_list
from course.grading.intake.whose import folded
from course.language import _


@dataclass
class Roster:
    """What a list says of a gradebook. changed: as it was and as it becomes; absent: who is not on the list.

    problems: sentences to look at, left_out: others, both by line of the file; guessed: as in ClassList.
    """

    added: list[Person] = field(default_factory=list)
    changed: list[tuple[Person, Person]] = field(default_factory=list)
    unchanged: list[Person] = field(default_factory=list)
    absent: list[Person] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    guessed: bool = False

    @property
    def needs_attention(self) -> bool:
        return bool(self.problems or self.absent or self.guessed)


def take_roster(class_folder: ClassFolder, path: Path, dry_run: bool = False) -> Roster:
    """Reads the list and, unless it is a dry run, writes into the gradebook what it changes, all or nothing."""
    listed = read_class_list(path)
    roster = compare(listed, class_folder.people())
    new = [*roster.added, *(after for _before, after in roster.changed)]
    if new and not dry_run:
        class_folder.save_people(new)
    return roster


def compare(listed: ClassList, people: Iterable[Person]) -> Roster:
    """What the list would change."""
    everybody = list(people)
    roster = Roster(problems=listed.refused | listed.doubles, left_out=listed.left_out, guessed=listed.guessed)
    matched: dict[str, list[tuple[Listed, Person]]] = defaultdict(list)
    meant: set[str] = set()
    for row, found in _matches(listed.people, everybody):
        meant |= {person.id for person in found}
        if len(found) > 1:
            names = ", ".join(sorted(person.id for person in found))
            told = _("It could mean any of these in the gradebook: {names}. Their e-mail or LMS id tells them apart.")
            roster.problems[row.line] = told.format(names=names)
        elif found:
            matched[found[0].id].append((row, found[0]))
        else:
            roster.added.append(_updated(Person(row.id, "", "", "", ""), row))
    for pairs in matched.values():
        _settle(pairs, roster)
    roster.absent = [person for person in everybody if person.id not in meant]
    return roster


def _settle(pairs: list[tuple[Listed, Person]], roster: Roster) -> None:
    """Whom one line means, that line is about; two lines that mean one person are told."""
    if len(pairs) > 1:
        lines = ", ".join(str(row.line) for row, _person in pairs)
        for row, person in pairs:
            told = _("The lines {lines} all mean {id} in the gradebook: none of them is used.")
            roster.problems[row.line] = told.format(lines=lines, id=person.id)
        return
    [(row, before)] = pairs
    after = _updated(before, row)
    if after == before:
        roster.unchanged.append(before)
    else:
        roster.changed.append((before, after))


def _updated(person: Person, row: Listed) -> Person:
    """What the list leaves empty stays; a name in one piece that is the person's own does not change it."""
    after = replace(person, number=row.number or person.number, email=row.email or person.email)
    if row.whole:
        if person.has_full_name and folded(row.whole) in _names(person):
            return after
        first, _space, last = row.whole.partition(" ")
        return replace(after, first=first, last=last)
    return replace(after, first=row.first or person.first, last=row.last or person.last)


def _matches(rows: Iterable[Listed], people: list[Person]) -> Iterator[tuple[Listed, list[Person]]]:
    """Each line with those in the gradebook whom it could mean."""
    by_key: dict[str, dict[str, Person]] = defaultdict(dict)
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        for key in _keys(person):
            by_key[key][person.id] = person
        for name in _names(person):
            by_name[name].append(person)
    sure = {row: _surely(row, by_key) for row in rows}
    taken = {person.id for found in sure.values() for person in found}
    namesakes = Counter(name for row, found in sure.items() if not found for name in _called(row))
    for row, found in sure.items():
        names = set() if found else _called(row)
        alike = {each.id: each for name in names for each in by_name.get(name, []) if each.id not in taken}
        alike = {id_: person for id_, person in alike.items() if not _differ(row, person)}
        if len(alike) == 1 and any(namesakes[name] > 1 for name in names):
            alike = {}  # nothing says which of the namesakes it is: they are new, and the known one is told as absent
        yield row, found or list(alike.values())


def _surely(row: Listed, by_key: dict[str, dict[str, Person]]) -> list[Person]:
    words = [f"#{row.number}"] if row.number else []
    words += [each.casefold() for each in (row.login, row.email, row.number) if each]
    exact = [person for word in words for person in by_key.get(word, {}).values() if person.id == row.login]
    if exact:  # Ada and ada may both be in the gradebook
        words = [word for word in words if word != row.login.casefold()]
    found = {person.id: person for word in words for person in by_key.get(word, {}).values()}
    return list((found | {person.id: person for person in exact}).values())


def _keys(person: Person) -> set[str]:
    """An id is also a key where it is an e-mail address or the platform's number."""
    number = {f"#{person.number}"} if person.number else set()
    return number | {each.casefold() for each in (person.id, person.email) if each}


def _names(person: Person) -> set[str]:
    """As a list may write the name; who has none may be called so by the platform, in the name of a file."""
    return _orders(person.first, person.last) or {folded(person.id)}


def _called(row: Listed) -> set[str]:
    return {folded(row.whole)} if row.whole else _orders(row.first, row.last)


def _orders(first: str, last: str) -> set[str]:
    return {folded(first + last), folded(last + first)} - {""}


def _differ(row: Listed, person: Person) -> bool:
    """True where number or address say that it is somebody else of that name."""
    numbers, emails = (row.number, person.number), (row.email.casefold(), person.email.casefold())
    return any(all(pair) and pair[0] != pair[1] for pair in (numbers, emails))


def described(person: Person) -> str:
    """'ada (Ada Byron, 1842, ada@example.org)', as far as the gradebook knows."""
    known = (f"{person.first} {person.last}".strip(), person.number, "" if person.email == person.id else person.email)
    told = ", ".join(filter(None, known))
    return f"{person.id} ({told})" if told else person.id


def changes(before: Person, after: Person) -> Iterator[str]:
    """'last name Berg → Berger', one for each thing that changes."""
    labels = {"first": _("first name"), "last": _("last name"), "number": _("LMS id"), "email": _("e-mail")}
    for name, label in labels.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{label} {old or _('(none)')} → {new or _('(none)')}"
