"""`python tests/clear_up.py FOLDER`: wait until standard input ends, then stop and delete the server of FOLDER.

The test run holds the other end of that pipe. So its server goes away even when the run is killed.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def clear_up(folder):
    """Does nothing where the run has cleared up behind itself, as it does unless killed."""
    sys.stdin.read()
    if folder.exists():
        from config.embedded import THROWAWAY, Server

        server = Server(folder, THROWAWAY)
        server.start()
        server.destroy()


if __name__ == "__main__":
    clear_up(Path(sys.argv[1]))
