"""JupyterHub for one class on one machine. ../README.md says how it is installed; it runs as root.

    jupyterhub --config jupyterhub_config.py

People are system users. Who they are in the class is a system group, read anew at each login:
formgrade-neural-networks for instructors, nbgrader-neural-networks for learners (the names are nbgrader's own).
"""

import grp
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub defines it)
INSTRUCTORS = "formgrade-neural-networks"
LEARNERS = "nbgrader-neural-networks"
programs = Path(sys.executable).parent

# Loopback only: in front of it belongs a web server that speaks TLS (JupyterHub's documentation has nginx and Apache).
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = [os.environ.get("CONFIGURABLE_HTTP_PROXY", "configurable-http-proxy")]

# Login with the password of the system (PAM), for members of the two groups and nobody else.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {INSTRUCTORS, LEARNERS}
c.PAMAuthenticator.open_sessions = False  # servers outlive logins
c.Authenticator.manage_groups = True


def with_class_groups(authenticator, handler, authentication):
    """Tells the hub which of the class's groups a person is in, each time they log in."""
    name = authentication["name"]
    authentication["groups"] = [group for group in (INSTRUCTORS, LEARNERS) if name in grp.getgrnam(group).gr_mem]
    return authentication


c.Authenticator.post_auth_hook = with_class_groups

# What a person's own server may ask of the hub: which groups its owner is in (nbgrader does), and no more.
c.JupyterHub.load_roles = [
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", "read:users!user"]},
    {"name": "idle-culler", "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
     "services": ["idle-culler"]},
]  # fmt: skip

# Each person has a JupyterLab of their own, with their own rights, in their own home. LocalProcessSpawner cannot limit
# memory; these limits hold for each process. On a machine with systemd, systemdspawner limits memory and processor
# time of a person as a whole and gives each a private /tmp:
#   c.JupyterHub.spawner_class = "systemd"
#   c.SystemdSpawner.mem_limit, c.SystemdSpawner.cpu_limit, c.SystemdSpawner.isolate_tmp = "2G", 2.0, True
c.JupyterHub.spawner_class = "localprocess"
c.Spawner.cmd = ["prlimit", "--core=0", "--fsize=2000000000", "--nproc=1000", str(programs / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = "~"
c.JupyterHub.active_server_limit = 200
c.JupyterHub.concurrent_spawn_limit = 20


def for_instructors(spawner):
    """The gradebook's address is for instructors only; the hub has it in its own environment (a file of root's)."""
    gradebook = os.environ.get("COURSE_GRADEBOOK")
    if gradebook and spawner.user.name in grp.getgrnam(INSTRUCTORS).gr_mem:
        spawner.environment = {**spawner.environment, "COURSE_GRADEBOOK": gradebook}


c.Spawner.pre_spawn_hook = for_instructors

# A server without activity for an hour is stopped; files stay, and the next click starts it again.
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]},
]
