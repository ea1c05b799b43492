"""Only in `make coverage`: the process that opens files may write what it covered; as a rule it may write nothing."""

import resource

import coverage

set_limit = resource.setrlimit


def set_limit_but_of_files(kind, limits):
    if kind != resource.RLIMIT_FSIZE:
        set_limit(kind, limits)


resource.setrlimit = set_limit_but_of_files
coverage.process_startup()
