"""JupyterHub for one class on one machine. ../README.md says how it is installed; it runs as root.

    jupyterhub --config jupyterhub_config.py

People are system users. Who they are in the class is a system group, read anew at each login:
formgrade-neural-networks for graders, nbgrader-neural-networks for learners (the names are nbgrader's own).
Graders share the server of one more system user, who has the sources and the gradebook, and no password.
"""

import grp
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub defines it)
GRADERS = "formgrade-neural-networks"
LEARNERS = "nbgrader-neural-networks"
SHARED = "grader"  # whose server the graders share
programs = Path(sys.executable).parent

# With a certificate the hub speaks TLS to the world. Without one it listens on loopback only: in front of it belongs a
# web server that speaks TLS (JupyterHub's documentation has nginx and Apache).
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
if "COURSE_CERTIFICATE" in os.environ:
    c.JupyterHub.bind_url = "https://:443"
    c.JupyterHub.ssl_cert = os.environ["COURSE_CERTIFICATE"]
    c.JupyterHub.ssl_key = os.environ["COURSE_CERTIFICATE_KEY"]
c.ConfigurableHTTPProxy.command = [os.environ.get("CONFIGURABLE_HTTP_PROXY", "configurable-http-proxy")]

# Login with the password of the system (PAM), for members of the two groups and nobody else.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {GRADERS, LEARNERS}
c.PAMAuthenticator.open_sessions = False  # servers outlive logins
c.Authenticator.manage_groups = True


def with_class_groups(authenticator, handler, authentication):
    """Tells the hub which of the class's groups a person is in, each time they log in."""
    name = authentication["name"]
    authentication["groups"] = [group for group in (GRADERS, LEARNERS) if name in grp.getgrnam(group).gr_mem]
    return authentication


c.Authenticator.post_auth_hook = with_class_groups

# What a person's own server may ask of the hub: which groups its owner is in (nbgrader does), and no more. What a
# grader may: start, use and stop the shared server. (Its user is named there too, so that the hub knows them.)
c.JupyterHub.load_roles = [
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", "read:users!user"]},
    {"name": "graders", "scopes": [f"servers!user={SHARED}", f"access:servers!user={SHARED}"],
     "groups": [GRADERS], "users": [SHARED]},
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
# Where many learn at a time, NumPy's threads would wait for one another busily.
c.Spawner.environment = {"OPENBLAS_NUM_THREADS": "1"}
c.JupyterHub.active_server_limit = 200
c.JupyterHub.concurrent_spawn_limit = 20


def for_graders(spawner):
    """The shared server is in the class, though its user never logs in, and it alone is told where the gradebook is."""
    if spawner.user.name == SHARED:
        spawner.user.sync_groups([GRADERS])
        if gradebook := os.environ.get("COURSE_GRADEBOOK"):
            spawner.environment = {**spawner.environment, "COURSE_GRADEBOOK": gradebook}


c.Spawner.pre_spawn_hook = for_graders

# A server without activity for an hour is stopped; files stay, and the next click starts it again.
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]},
]
