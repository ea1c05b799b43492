"""Is a file safe to open? Judged by content, opened by a child process with limits."""
