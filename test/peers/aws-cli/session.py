"""The AWS CLI's own code, called again and again by one process: a line with a call in, a line with its answer out.

A call is {"words": [...], "env": {...}}, an answer {"status": …, "stdout": …, "stderr": …}. No name is ever resolved:
a call that asks for one fails. Run by the interpreter behind `aws` (see session.ts); the CLI reads HOME when it starts.
"""

import contextlib
import functools
import io
import json
import os
import socket
import sys

from awscli.clidriver import create_clidriver

# The CLI sets variables of its own while it is loaded.
LOADED = dict(os.environ)
ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf8")
RESOLVE = socket.getaddrinfo

# Service models are large: they are read once, not at every call.
SESSION = sys.modules["botocore.session"]
SESSION.create_loader = functools.cache(SESSION.create_loader)


class Captured(io.StringIO):
    """What a call prints. From 2.33 on the CLI sets the encoding of its streams; text has none."""

    def reconfigure(self, **_options):
        return None


def resolve_loopback(host, *more, **options):
    if host not in ("127.0.0.1", "localhost", "::1"):
        raise AssertionError(f"the AWS CLI asked for the address of {host}")
    return RESOLVE(host, *more, **options)


def answer(words, env):
    os.environ.clear()
    os.environ.update(LOADED, **env)
    out, err = Captured(), Captured()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = create_clidriver().main(words)
        except SystemExit as end:
            status = end.code
    # None is 0, as for sys.exit.
    return {"status": status or 0, "stdout": out.getvalue(), "stderr": err.getvalue()}


socket.getaddrinfo = resolve_loopback
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), file=ANSWERS, flush=True)
