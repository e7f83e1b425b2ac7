"""What the AWS CLI asks AWS for, given these words: its own code up to the request, which is not sent.

Reads a JSON list of lists of words (without `aws`), prints a JSON list of {"request": its fields} or {"error": …}.
"""

import contextlib
import io
import json
import os
import sys

from awscli.clidriver import create_clidriver

os.environ.update(AWS_ACCESS_KEY_ID="AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY="none", AWS_PAGER="")
DRIVER = create_clidriver()
SEEN = []


class NotSent(Exception):
    """Ends the command before its request is made."""


def keep(params, **_):
    SEEN.append({name: value for name, value in params.items() if name != "clientRequestToken"})
    raise NotSent


DRIVER.session.register("before-parameter-build", keep)


def request(words):
    SEEN.clear()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            DRIVER.main(words)
        except SystemExit:
            pass
    return {"request": SEEN[0]} if SEEN else {"error": said.getvalue().strip()[-300:]}


json.dump([request(words) for words in json.load(sys.stdin)], sys.stdout)
