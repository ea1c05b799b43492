"""Production starts complete and closed, or not at all; numbers and dates look as officials write them."""

import datetime
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from config.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
GOOD = {
    "DEBUG": "off",
    "SECRET_KEY": "a-secret-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "declarations.example",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
}


def manage(*arguments, **environment):
    """Run manage.py in a process whose only settings are the given ones."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH"),
        ("SECRET_KEY", "for-trials-and-tests-only-never-for-real-data-0123456789"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
    ],
)
def test_production_refuses_to_start_with_a_missing_or_guessable_setting(name, value):
    done = manage("check", **GOOD | {name: value})
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert any("一" <= letter <= "鿿" for letter in done.stderr), "the message is in Chinese too"


def test_production_starts_with_the_three_settings_and_passes_djangos_deployment_checks():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["django.core.mail.backends.console.EmailBackend", "https://declarations.example"]),
        (
            {"EMAIL_URL": "smtp+tls://name:secret@mail.example:587", "SITE_URL": "https://site.example/"},
            ["django.core.mail.backends.smtp.EmailBackend mail.example 587 True", "https://site.example"],
        ),
    ],
)
def test_mails_go_where_the_environment_says_and_lead_back_to_the_site(given, expected):
    code = (
        "from django.conf import settings as s; print(s.EMAIL_BACKEND, *([s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS]"
        " if 'smtp' in s.EMAIL_BACKEND else [])); print(s.SITE_URL)"
    )
    done = manage("shell", "--verbosity", "0", "--no-imports", "-c", code, **GOOD | given)
    assert done.stdout.split("\n")[:2] == expected, done.stderr


def test_every_file_that_the_pages_name_is_there_for_production(tmp_path):
    done = manage("collectstatic", "--noinput", STATIC_ROOT=str(tmp_path / "static"), **GOOD)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_the_trial_gets_a_secret_of_its_own_that_only_its_owner_can_read(tmp_path):
    from config.trial import write_trial_env

    first, second = tmp_path / "a" / "trial.env", tmp_path / "b" / "trial.env"
    write_trial_env(first)
    write_trial_env(second)
    assert first.read_text() != second.read_text()
    assert first.stat().st_mode & 0o777 == 0o600
    before = first.read_text()
    write_trial_env(first)
    assert first.read_text() == before


def test_amounts_are_grouped_by_three_and_dates_written_in_chinese():
    when = datetime.datetime(2026, 11, 24, 1, 5, tzinfo=datetime.UTC)
    text = Template("{{ amount }} {{ when }}").render(
        Context({"amount": Decimal("12345678.90"), "when": timezone.localtime(when)})
    )
    assert text == "12,345,678.90 2026年11月24日 09:05"


def test_uploads_are_outside_everything_that_is_served():
    code = "from django.conf import settings as s; print(s.MEDIA_ROOT, s.STATIC_ROOT, *s.STATICFILES_DIRS, sep='\\n')"
    done = manage("shell", "--verbosity", "0", "-c", code, **GOOD)
    uploads, *served = map(Path, done.stdout.split())
    assert len(served) == 2
    assert not any(uploads.is_relative_to(folder) for folder in served)


def test_the_health_page_answers_without_a_login(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content.decode()) == (200, f"ok {VERSION}")


def test_scripts_and_styles_come_from_our_own_files_only(client, db):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("address", ["/", "/admin/", "/declarations/"])
def test_a_stranger_is_sent_to_the_one_login_page(client, db, address):
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_nobody_can_sign_up(client, db, django_user_model):
    data = {"username": "stranger", "password1": "a-Long-pass-2027", "password2": "a-Long-pass-2027"}
    client.post(reverse("account_signup"), data)
    assert not django_user_model.objects.filter(username="stranger").exists()


def test_guessing_passwords_is_slowed_down(client, django_user_model, db):
    django_user_model.objects.create_user("filler", password="right-Pass-2027")
    for _ in range(6):
        client.post(reverse("account_login"), {"login": "filler", "password": "wrong"})
    client.post(reverse("account_login"), {"login": "filler", "password": "right-Pass-2027"})
    assert "_auth_user_id" not in client.session
