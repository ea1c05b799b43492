"""Starts real workers quickly: everything is loaded once, and each line on standard input forks one.

    python -m tests.crashes.nursery

A line is the folder of uploads. Prints the process number of each. They do one file, one table, one part at a
time, so that there is much between which they can die. Ends with its input.
"""

import os
import signal
import sys
from contextlib import suppress

import django
from django.conf import settings


def main():
    django.setup()
    from declarations.operating import tasks

    print("ready", flush=True)
    for line in sys.stdin:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        child = os.fork()
        if not child:
            os.setsid()
            work(tasks, line.strip())
        print(child, flush=True)


def work(tasks, uploads):
    """A worker like that of the command, until it is ended."""
    from procrastinate.contrib.django import app

    settings.MEDIA_ROOT = uploads
    tasks.desk.READ_AT_ONCE = tasks.desk.WRITTEN_AT_ONCE = tasks.making.AT_ONCE = 1
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(fetch_job_polling_interval=0.3)
    os._exit(0)


if __name__ == "__main__":
    main()
