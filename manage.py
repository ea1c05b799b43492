#!/usr/bin/env python3
"""Django's commands, with the failures of setting up told in words."""

import os
import sys


def main():
    """Run one command; exit 1 with a message, not a traceback, where the settings or the trial database fail."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:] in (["--version"], ["version"]):
        from config.version import VERSION

        sys.exit(print(VERSION))
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("没有安装依赖，请先运行 make setup。\nThe libraries are not installed; run: make setup")
    from config.embedded import EmbeddedPostgresError

    try:
        execute_from_command_line(sys.argv)
    except (EmbeddedPostgresError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
