"""Makes system users of the people in a class list, as members of a group. ../README.md says how it is used; as root.

    python3 add_people.py GROUP LIST.csv

The list has the columns id, first_name, last_name and email; only id is used here, as the user's name. Prints a line
`id:password` for each user that it makes, as chpasswd reads it. Who is in the group already stays as they are, so a
list that has grown is given again. Nobody is made unless the whole list can be.
"""

import csv
import grp
import pwd
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator

NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")  # as useradd and JupyterHub both have it


def main(group: str, path: str) -> None:
    """Makes the users, or tells all that hinders and makes none."""
    try:
        members = set(grp.getgrnam(group).gr_mem)
    except KeyError:
        sys.exit(f"There is no group {group}. Make it first: groupadd {group}")
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:  # Excel marks UTF-8 so
            rows = csv.DictReader(file)
            if "id" not in (rows.fieldnames or ()):
                sys.exit(f"{path} has no column id. Its first line is to be: id,first_name,last_name,email")
            listed = [(rows.line_num, (row["id"] or "").strip()) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        sys.exit(f"{path} cannot be read as CSV in UTF-8: {error}")
    if problems := [f"{path}:{line}: {problem}" for line, problem in _problems(listed, group, members)]:
        sys.exit("\n".join([*problems, "No user was made."]))
    for _line, name in listed:
        if name not in members:
            options = ["--create-home", "--key", "HOME_MODE=0700", "--shell", "/bin/bash", "--groups", group]
            subprocess.run(["useradd", *options, name], check=True, stdout=sys.stderr)
            print(f"{name}:{secrets.token_urlsafe(9)}", flush=True)


def _problems(listed: list[tuple[int, str]], group: str, members: set[str]) -> Iterator[tuple[int, str]]:
    """What cannot be a new user, by line."""
    users = {user.pw_name for user in pwd.getpwall()}
    seen: set[str] = set()
    for line, name in listed:
        if not NAME.fullmatch(name):
            yield line, f"'{name}' cannot be a user's name: up to 32 of a-z, 0-9, _ and -, the first a letter or _."
        elif name in seen:
            yield line, f"{name} is listed twice."
        elif name in users and name not in members:
            yield line, f"{name} is a user of this machine already. Is it the same person? usermod -aG {group} {name}"
        seen.add(name)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print("Usage: add_people.py GROUP LIST.csv", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1], sys.argv[2])
