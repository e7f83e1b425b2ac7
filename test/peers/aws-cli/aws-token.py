"""Runs the AWS CLI's own `aws eks get-token` under a clock that stands still.

Reads a JSON list of cases from standard input, each with `now` (seconds since 1970), `env` and `args`, and prints a
JSON list of what the command printed for each. Run by the interpreter behind `aws` (see aws-token.peer.ts).
"""

import contextlib
import datetime
import io
import json
import os
import sys

REAL = datetime.datetime


class FrozenType(type):
    """Real datetimes, made before or by C code, count as ours too."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, REAL)


class Frozen(REAL, metaclass=FrozenType):
    instant = 0

    @classmethod
    def now(cls, tz=None):
        return REAL.fromtimestamp(cls.instant, tz)

    @classmethod
    def utcnow(cls):
        return REAL.fromtimestamp(cls.instant, datetime.timezone.utc).replace(tzinfo=None)


datetime.datetime = Frozen

# Only now: whatever these modules take from `datetime` is the frozen class.
from awscli.clidriver import create_clidriver  # noqa: E402

# The CLI sets variables of its own while it is loaded.
LOADED = dict(os.environ)


def run(case):
    Frozen.instant = case["now"]
    os.environ.clear()
    os.environ.update(LOADED, **case["env"])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = create_clidriver().main(case["args"])
    if status:
        raise SystemExit(f"aws {' '.join(case['args'])} ended with status {status}")
    return json.loads(out.getvalue())


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
