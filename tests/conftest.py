"""What every test stands on: a real PostgreSQL of its own, example files, a browser."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import hypothesis
import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from config.embedded import THROWAWAY, EmbeddedPostgresError, Server

ROOT = Path(__file__).resolve().parent.parent

# The settings are read after this, by pytest-django. A production environment around the tests must not leak in.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["DEBUG"] = "on"
# Threads of the live server and of jobs give their connections back at once; a kept one bars the end of the database.
os.environ["CONN_MAX_AGE"] = "0"
# Playwright's synchronous interface runs an event loop in the thread in which the tests use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is slow; that says nothing about the code. Tests of cost measure processor time (`tests/costs.py`).
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

QUEUE = "procrastinate"
LARGE_KEYS = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 5000) FROM pg_sequences
    WHERE sequencename LIKE 'declarations\\_%' OR sequencename LIKE 'indicators\\_%'"""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "no Chromium found: install one (Debian: apt-get install chromium fonts-noto-cjk), "
    "or set CHROMIUM to the path of its program"
)
# How busy the machine is says nothing about a rule.
hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")
server = None
watchers = []


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Start one throw-away server for the run; workers of pytest-xdist inherit its address in their environment."""
    answer_signals()
    if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL"):
        start_database()
    if "COVERAGE_PROCESS_CONFIG" in os.environ:
        measure_children()
    # Set up here, once the address is known; pytest-django finds it done and takes over.
    django.setup()


def answer_signals():
    """Have children answer signals as usual, whoever started the run.

    `nohup`, `make test &` in a script and some services have signals ignored or blocked, and what is ignored or blocked
    here would be so in every child. A handler that does nothing ignores as well, but is not inherited.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


def start_database():
    global server
    server = Server(tempfile.mkdtemp(prefix="declarations-test-"), THROWAWAY)
    try:
        os.environ["DATABASE_URL"] = server.start()
    except EmbeddedPostgresError as error:
        raise pytest.UsageError(str(error)) from error
    watch(server.folder)


def measure_children():
    """Count what the process that opens files covers: it is started with an environment of its own."""
    from declarations.files.guarding.child import ENVIRONMENT

    measured = ROOT / "tests" / "measured"
    ENVIRONMENT["COVERAGE_PROCESS_CONFIG"] = os.environ["COVERAGE_PROCESS_CONFIG"]
    ENVIRONMENT["PYTHONPATH"] = os.pathsep.join([str(measured), ENVIRONMENT["PYTHONPATH"]])


def watch(folder):
    """Have the server cleared up should this run be killed; the pipe's other end closes with this process."""
    command = [sys.executable, str(ROOT / "tests" / "clear_up.py"), str(folder)]
    watcher = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    watchers.append(watcher)


def pytest_unconfigure(config):
    if server and not hasattr(config, "workerinput"):
        server.destroy()
    for watcher in watchers:
        watcher.communicate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Tables come from the models, in a second; all the migrations take ten. Only the queue is made of functions.

    That the migrations lead to the same is what `makemigrations --check` holds, and the tests that start the site
    run them all.
    """
    site_settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs() if app.label != QUEUE}
    site_settings.PGTRIGGER_INSTALL_ON_MIGRATE = True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Triggers are installed once, not with each emptying of the database; on record the migrations have run.

    Keys are as large as after years of use: one that a page groups by thousands leads nowhere.
    """
    site_settings.PGTRIGGER_INSTALL_ON_MIGRATE = False
    site_settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        call_command("migrate", fake=True, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(LARGE_KEYS)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """argon2 is slow on purpose; tests that log in a hundred times need not be."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    site_settings.PASSWORD_HASHERS = [quick, *site_settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session", autouse=True)
def patient_flush():
    """A browser's last request may still hold a table when a test's data go; PostgreSQL then ends one of the two."""
    from declarations.management.commands.flush import Command  # needs the settings

    whole = Command.handle

    def handle(self, **options):
        for _ in range(3):
            with contextlib.suppress(CommandError):
                return whole(self, **options)
        return whole(self, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Command, "handle", handle)
        yield


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path):
    """No test leaves files in the clone."""
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def example_path():
    """Find a real published table by name. They are other people's words and are not part of this repository."""
    folder = Path(os.environ.get("EXAMPLES_DIR") or ROOT.parent / "shared" / "examples")

    def find(name):
        if not (folder / name).exists():
            pytest.skip(f"example table {name} is not there: set EXAMPLES_DIR to the folder that has it")
        return folder / name

    return find


def chromium():
    """The path of an installed Chromium, or None."""
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUMS
    return next(filter(None, map(shutil.which, named)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, quiet: it looks nothing up and updates nothing."""
    path = chromium()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium's own sandbox refuses to run as root
    return {**browser_type_launch_args, "executable_path": path, "args": quiet}


@pytest.fixture(scope="session")
def base_url():
    """None: journeys name the live server. The browser plugin's own fixture is of a kind that pytest 10 refuses."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    viewport = {"width": 1440, "height": 900}
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": viewport}


@pytest.fixture
def context(context, db_cache_is_empty):
    """A browser context whose earlier logins, in other tests, do not count against the rate limits."""
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
def db_cache_is_empty(transactional_db):
    cache.clear()
