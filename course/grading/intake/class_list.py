"""Reads the list of a class as Canvas, Moodle or a spreadsheet has saved it, by its columns' names.

Canvas: Gradebook, Export, or a list of people. Moodle: participants, or the grader report's export. Else plain columns:
id, first name, last name, email. Every line that names nobody for sure is told with its number; it changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course.errors import UsageError
from course.grading.intake.entries import clean_name
from course.language import _, ngettext
from course.storage.read_table import Row, read_table

# Headers without case, marks, spaces and signs (see plain); the first that the file has counts.
_SIS = "sisloginid iddeiniciodesesionsis iddeiniciodesesiondesis sisuserid iddeusuariosis sisid studentsisid"
_COLUMNS = {
    "login": "username login loginid nombredeusuario nombreusuario usuario id studentid userid iddeusuario",
    "number": "idnumber numerodeid numerodeidentificacion lmsuserid lmsid canvasuserid canvasid iddecanvas",
    "email": "email emailaddress mail correo correoelectronico direcciondecorreo direcciondecorreoelectronico "
    "direccionemail correoinstitucional",
    "first": "firstname givenname givennames forename nombre nombres",
    "last": "lastname surname familyname apellidos apellido primerapellido",
    "second_last": "segundoapellido",
    "name": "fullname student studentname name displayname nombrecompleto estudiante alumno apellidosynombre nombre",
    "role": "role roles rol",
}
_OF_CANVAS = {**_COLUMNS, "login": f"{_SIS} loginid", "number": "id studentid"}
_KNOWN = {name for names in (*_COLUMNS.values(), _SIS) for name in names.split()}
_STAFF = {"teacher", "ta", "teachingassistant", "observer", "designer", "manager", "noneditingteacher", "instructor"}
_STAFF |= {"profesor", "profesora", "docente", "observador", "gestor", "profesorsinpermisodeedicion", "tutor"}
_ROUNDED = re.compile(r"\d[.,]\d+[eE]\+\d+")  # what Excel makes of a long number
_LONGEST = 128  # characters of a cell in nbgrader's gradebook


@dataclass(frozen=True)
class Listed:
    """Somebody on the list; '' for what it does not say. number: the platform's own; whole: a name in one piece."""

    line: int
    login: str = ""
    number: str = ""
    email: str = ""
    first: str = ""
    last: str = ""
    whole: str = ""

    @property
    def id(self) -> str:
        """How the gradebook will call a person whom it does not know yet."""
        return self.login or self.email or self.number

    @property
    def keys(self) -> set[str]:
        """What nobody else on the list may have."""
        words = {each.casefold() for each in (self.login, self.email, self.id) if each}
        return words | ({f"#{self.number}"} if self.number else set())

    def says(self) -> tuple[str, ...]:
        return (self.login, self.number, self.email, self.first, self.last, self.whole)


@dataclass
class ClassList:
    """What a file says. refused, doubles, left_out: sentences, by line; the last are of no student, and no matter."""

    people: list[Listed] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    doubles: dict[int, str] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    guessed: bool = False


def read_class_list(path: Path) -> ClassList:
    """UsageError where the file as a whole is no list of a class, or nobody on it can be used."""
    table = read_table(path, lambda header: plain(header) in _KNOWN)
    columns, of_canvas = _columns([plain(header) for header in table.header])
    if not {"login", "number", "email"} & columns.keys():
        told = _(
            "{path} has no column that says who is who. Its columns are: {columns}. Known are those of Canvas and "
            "Moodle, and: id, first name, last name, email, lms user id."
        )
        raise UsageError(told.format(path=path, columns=", ".join(filter(None, table.header))[:300]))
    found = ClassList(guessed=table.guessed)
    listed = []
    for row in table.rows:
        cells = {name: _cell(row, place) for name, place in columns.items()}
        if of_canvas and _of_no_person(cells):
            continue
        reason = _no_student(cells, of_canvas)
        fault = "" if reason else _fault(row, cells, len(table.header))
        if reason or fault:
            (found.left_out if reason else found.refused)[row.line] = reason or fault
        else:
            listed.append(_listed(row.line, cells))
    _without_doubles(listed, found)
    if not found.people:
        why = [_("There is no student in {path} who can be used.").format(path=path)]
        why += [_("Line {line}: {reason}").format(line=line, reason=reason) for line, reason in found.refused.items()]
        raise UsageError(" ".join(why[:2]))
    return found


def plain(header: str) -> str:
    """'Apellido(s)' → 'apellidos', 'Dirección de correo' → 'direcciondecorreo'."""
    return "".join(each for each in unicodedata.normalize("NFKD", header.casefold()) if each.isalnum())


def _columns(headers: list[str]) -> tuple[Mapping[str, int], bool]:
    """Where each kind of cell stands; True for Canvas, where ID is the platform's number and not what nbgrader uses."""
    there = set(headers)
    of_canvas = bool({"id", "studentid"} & there and set(_SIS.split()) & there)
    of_canvas |= "id" in there and bool({"student", "estudiante"} & there and {"section", "seccion"} & there)
    found: dict[str, int] = {}
    for kind, names in (_OF_CANVAS if of_canvas else _COLUMNS).items():
        place = next((headers.index(name) for name in names.split() if name in there), None)
        if place is not None and place not in found.values():
            found[kind] = place
    if "first" in found and "last" not in found and headers[found["first"]] == "nombre":  # a whole name, then
        found.setdefault("name", found.pop("first"))
    return found, of_canvas


def _cell(row: Row, place: int) -> str:
    text = clean_name(row.cells[place][: 4 * _LONGEST]) if place < len(row.cells) else ""  # see entries.LONGEST
    return " ".join(text.split())


def _of_no_person(cells: Mapping[str, str]) -> bool:
    """Lines that a Canvas export has besides: which assignments are hidden, and how many points they have."""
    if any(cells.get(each) for each in ("login", "number", "email")):
        return False
    name = plain(cells.get("name", "") or cells.get("last", ""))
    return not name or name in {"pointspossible", "puntosposibles"}


def _no_student(cells: Mapping[str, str], of_canvas: bool) -> str:
    """Why it is nobody of the class; '' for a student."""
    name = plain(cells.get("name", "") or cells.get("first", "") + cells.get("last", ""))
    if of_canvas and name in {"studenttest", "teststudent"}:
        return _("It is Canvas's test student.")
    roles = [plain(role) for role in re.split(r"[,;/]", cells.get("role", ""))]
    if any(roles) and all(role in _STAFF for role in roles if role):
        return _("It is no student, but: {role}.").format(role=cells["role"])
    return ""


def _fault(row: Row, cells: Mapping[str, str], width: int) -> str:
    """Why a line cannot be used; '' where it can."""
    if any(row.cells[width:]):
        told = ngettext(
            "It has {number} cell, and the first line {width}: is there a separator in a name?",
            "It has {number} cells, and the first line {width}: is there a separator in a name?",
            len(row.cells),
        )
        return told.format(number=len(row.cells), width=width)
    login, number, email = (cells.get(each, "") for each in ("login", "number", "email"))
    if not (login or number or email):
        return _("It has no id and no e-mail address.")
    rounded = next((each for each in (login, number) if _ROUNDED.fullmatch(each)), "")
    if rounded:
        return _("{number} is a number that a spreadsheet has rounded.").format(number=rounded)
    if email and not re.fullmatch(r"[^\s@]+@[^\s@]+", email):
        return _("{email} is no e-mail address.").format(email=email)
    name = login or email or number
    if not name.isprintable() or name.startswith(".") or any(each in name for each in '/\\:*?"<>|'):
        return _("{id} cannot be the name of a folder.").format(id=ascii(name) if not name.isprintable() else name)
    longest = max((len(cell) for kind, cell in cells.items() if kind != "role"), default=0)
    return _("One of its cells is too long.") if longest > _LONGEST else ""


def _listed(line: int, cells: Mapping[str, str]) -> Listed:
    first, last, whole = (cells.get(each, "") for each in ("first", "last", "name"))
    last = f"{last} {cells.get('second_last', '')}".strip()
    if first or last:
        whole = ""
    elif "," in whole:
        last, first = (part.strip() for part in whole.split(",", 1))
        whole = ""
    return Listed(line, cells.get("login", ""), cells.get("number", ""), cells.get("email", ""), first, last, whole)


def _without_doubles(listed: Iterable[Listed], found: ClassList) -> None:
    """Who stands there twice counts once; two lines that share an id, and differ, count for nobody."""
    by_key: dict[str, list[Listed]] = defaultdict(list)
    kept = list(_first_of_each(listed, found))
    for person in kept:
        for key in person.keys:
            by_key[key].append(person)
    shared = {key: people for key, people in by_key.items() if len(people) > 1}
    for key, people in shared.items():
        lines = ", ".join(str(each.line) for each in people)
        told = _("The lines {lines} have the same {key}, and differ: none of them is used.")
        for person in people:
            found.doubles[person.line] = told.format(lines=lines, key=key.lstrip("#"))
    found.people = [person for person in kept if person.line not in found.doubles]


def _first_of_each(listed: Iterable[Listed], found: ClassList) -> Iterator[Listed]:
    seen: dict[tuple[str, ...], int] = {}
    for person in listed:
        before = seen.setdefault(person.says(), person.line)
        if before == person.line:
            yield person
        else:
            found.doubles[person.line] = _("It says the same as line {line}.").format(line=before)
