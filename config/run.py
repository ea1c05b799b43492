"""`make run`: the whole site on this computer, from the database to the demo city, until Ctrl-C.

    python -m config.run [--host 127.0.0.1] [--port 8000]

Exit status: 0 stopped by Ctrl-C (or SIGTERM, SIGHUP), 1 something did not start or died, and it was said why.
"""

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from io import StringIO
from urllib.error import URLError
from urllib.request import urlopen

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from config.embedded import EmbeddedPostgresError, Server
from config.processes import Processes, free_port, web_command, worker_command
from config.trial import TRIAL_ENV, write_trial_env
from config.version import VERSION

START_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotStarted(Exception):
    """The site did not come up, or went down by itself; the text says which part."""


FAILURES = (CommandError, EmbeddedPostgresError, ImproperlyConfigured, NotStarted, OperationalError, OSError)


def main():
    """Run until a signal comes; whatever was started is stopped again, in the opposite order."""
    options = _options()
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    write_trial_env()
    server = Server(TRIAL_ENV.parent / "postgres")
    processes = Processes()
    try:
        _serve(options, server, processes)
    except KeyboardInterrupt:
        status = None
    except FAILURES as error:
        status = f"没有启动成功。Not started.\n{error}"
    finally:
        _ignore_signals()
        _say("正在停止…… Stopping")
        processes.stop()
        status = _released(server) or status
    sys.exit(status)


def _released(server):
    """Let go of the database; why that failed, or None."""
    try:
        server.release()
    except EmbeddedPostgresError as error:
        return str(error)


def _serve(options, server, processes):
    if not os.environ.get("DATABASE_URL"):
        _say("正在启动数据库…… Starting the database")
        os.environ["DATABASE_URL"] = server.start()
    _say("正在更新数据库结构…… Updating the database's tables")
    prepare_database()
    port = free_port(options.host, options.port)
    if port != options.port:
        _say(f"端口 {options.port} 已被占用，改用 {port}。 Port {options.port} is taken, using {port}")
    address = f"http://{options.host}:{port}/"
    os.environ.setdefault("SITE_URL", address)
    processes.start(web_command(options.host, port))
    processes.start(worker_command())
    _wait_until_healthy(f"{address}healthz", processes)
    _say(_welcome(address))
    dead = processes.wait_for_a_death()
    raise NotStarted(f"程序意外退出 / a program ended unexpectedly: {' '.join(dead)}")


def prepare_database():
    """Bring the tables up to date and, in a database without a bureau, load the demo city; one there is stays open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_indicator_library", stdout=StringIO())
    from declarations.demo.loader import keep_playable
    from declarations.models import Bureau

    if Bureau.objects.exists():
        keep_playable()
    else:
        _say("正在载入演示城市…… Loading the demo city")
        call_command("load_demo", stdout=StringIO())  # the accounts are printed below, where they can be seen
    connections.close_all()


def _wait_until_healthy(address, processes):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if dead := processes.dead():
            raise NotStarted(f"程序意外退出 / a program ended unexpectedly: {' '.join(dead)}")
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise NotStarted(f"网站 {START_SECONDS} 秒内没有应答 / the site did not answer within {START_SECONDS} s: {address}")


def _welcome(address):
    """Address and demo accounts. The password is shown only while it is the demo's own."""
    from declarations.demo.loader import ACCOUNTS
    from declarations.management.commands.load_demo import TRIAL_PASSWORD
    from declarations.models import User

    password = os.environ.get("DEMO_PASSWORD") or TRIAL_PASSWORD
    users = User.objects.in_bulk([username for username, _, _ in ACCOUNTS], field_name="username")
    lines = ["", f"网站已启动 / The site is running:  {address}", ""]
    if users and all(user.check_password(password) for user in users.values()):
        lines.append(f"演示账号 / Demo accounts（密码 / password: {password}）")
        lines += [f"  {username:<12}{name}  {role.label}" for username, name, role in ACCOUNTS if username in users]
    connections.close_all()
    return "\n".join([*lines, "", "按 Ctrl-C 停止。 Press Ctrl-C to stop.", ""])


def _options():
    parser = argparse.ArgumentParser(prog="make run", description="本机试用 / run the site on this computer")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    return parser.parse_args()


def _interrupt(number, frame):
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals():
    """From the first signal on. make passes on what it gets, so a second one comes at once, and it would leave things
    behind; stopping takes seconds and has its own limits.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _say(text):
    """Print at once. A closed terminal is no reason to leave anything running."""
    with suppress(BrokenPipeError):
        print(text, flush=True)


if __name__ == "__main__":
    main()
