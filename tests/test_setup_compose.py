"""The Docker files, as far as they can be tried without Docker: valid, without secrets, and their commands start."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from django.db import connection
from jsonschema import Draft201909Validator

from config.health import is_healthy
from config.processes import free_port

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "tests" / "data" / "compose-spec" / "compose-spec.json"
BIN = Path(sys.executable).parent
START_SECONDS = 60


@pytest.fixture(scope="module")
def compose():
    """docker-compose.yml with its anchors resolved."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


@pytest.fixture
def production(transactional_db):
    """The environment of a container, on this test's own database."""
    options = connection.settings_dict
    query = "&".join(f"{name}={options['OPTIONS'][name]}" for name in ("host", "port") if name in options["OPTIONS"])
    place = f"{options['HOST']}:{options['PORT']}" if options["HOST"] else ""
    user = f"{options['USER']}:{options['PASSWORD']}" if options["PASSWORD"] else options["USER"]
    kept = {name: value for name, value in os.environ.items() if name not in ("DEBUG", "DJANGO_SETTINGS_MODULE")}
    return kept | {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "DEBUG": "off",
        "SECRET_KEY": "a-secret-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "declarations.example,localhost",
        "DATABASE_URL": f"postgresql://{user}@{place}/{options['NAME']}?{query}",
    }


def start(command, environment):
    """Start a container's command; whatever it prints goes to one pipe."""
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def stop(process):
    process.terminate()
    try:
        return process.communicate(timeout=60)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def test_the_compose_file_follows_the_compose_specification(compose):
    errors = Draft201909Validator(json.loads(SCHEMA.read_text())).iter_errors(compose)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_schema_does_find_a_mistake(compose):
    broken = compose | {"services": {"web": {"imagee": "x"}}}
    assert not Draft201909Validator(json.loads(SCHEMA.read_text())).is_valid(broken)


def test_no_secret_stands_in_the_compose_file(compose):
    secrets = [
        value
        for service in compose["services"].values()
        for name, value in service.get("environment", {}).items()
        if re.search("SECRET|PASSWORD|DATABASE_URL", name)
    ]
    assert secrets
    assert all("${" in value and ":?" in value for value in secrets)


def test_site_and_worker_wait_for_the_tables_and_those_for_the_database(compose):
    waits = {name: service.get("depends_on", {}) for name, service in compose["services"].items()}
    assert waits["migrate"] == {"db": {"condition": "service_healthy"}}
    assert waits["web"] == waits["worker"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_the_image_starts_what_the_compose_file_starts(compose):
    command = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert json.loads(command[1]) == compose["services"]["web"]["command"]


def test_the_command_that_updates_the_tables_runs(compose, production):
    done = subprocess.run(
        compose["services"]["migrate"]["command"], cwd=ROOT, env=production, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_the_web_command_serves_and_the_health_check_knows(compose, production, monkeypatch):
    port = free_port("127.0.0.1", 8800 + os.getpid() % 1000)
    command = ["127.0.0.1" if word == "0.0.0.0" else word for word in compose["services"]["web"]["command"]]
    monkeypatch.setenv("ALLOWED_HOSTS", production["ALLOWED_HOSTS"])
    assert not is_healthy(port)
    process = start([str(port) if word == "8000" else word for word in command], production)
    deadline = time.monotonic() + START_SECONDS
    while not (healthy := is_healthy(port)) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.2)
    printed = stop(process)
    assert healthy, printed
    assert process.returncode == 0, printed


def test_the_worker_command_runs_until_it_is_stopped_and_its_check_passes(compose, production):
    worker = compose["services"]["worker"]
    checked = subprocess.run(
        worker["healthcheck"]["test"][1:], cwd=ROOT, env=production, capture_output=True, text=True, timeout=60
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    process = start(worker["command"], production)
    first = process.stdout.readline()
    assert "Launching a worker" in first
    time.sleep(1)
    assert process.poll() is None
    printed = stop(process)
    assert process.returncode == 0, printed
