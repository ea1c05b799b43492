"""Files that people bring and take away: judged, opened in a child process, read, written."""
