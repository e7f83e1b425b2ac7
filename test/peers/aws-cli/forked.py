"""The AWS CLI's own code, loaded once: each call is a fork of this process, with the streams, the folder, the variables and the
words of whoever calls. Run by the interpreter behind `aws` (see forked-aws.ts); the CLI reads HOME when it starts. Ends when its
standard input does.

A call is one message, {"words": [...], "env": {...}, "folder": "…"}, with the three streams beside it; the answer is its status.
"""

import json
import os
import select
import signal
import socket
import sys

STARTED = dict(os.environ)

import awscli.clidriver
import awscli.handlers  # noqa: F401, loaded here so that no call does

LONGEST = 1 << 20


def answer(words, env, folder):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(LOADED, **env)
    sys.argv = ["aws", *words]
    try:
        status = awscli.clidriver.main()
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    # None is 0, as for sys.exit.
    return status or 0


def serve(connection):
    message, streams, _flags, _address = socket.recv_fds(connection, LONGEST, 3)
    if os.fork() == 0:
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
            status = answer(**json.loads(message))
            connection.sendall(bytes([status]))
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)
    for stream in streams:
        os.close(stream)
    connection.close()


# The CLI sets variables of its own while it is loaded.
LOADED = {name: value for name, value in os.environ.items() if STARTED.get(name) != value}
# Who called waits for a call; its process need not be waited for.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(sys.argv[1])
listener.listen(64)
print("ready", flush=True)
while True:
    ready, _, _ = select.select([listener, sys.stdin], [], [])
    if sys.stdin in ready:
        break
    serve(listener.accept()[0])
