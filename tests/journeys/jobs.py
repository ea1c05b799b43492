"""The worker's part in a journey."""

from concurrent.futures import ThreadPoolExecutor

from procrastinate.contrib.django import app


def do_jobs():
    """What a worker would do now; in a thread, since the browser's interface runs an event loop in this one."""
    worker = app.with_connector(app.connector.get_worker_connector())
    with ThreadPoolExecutor(1) as thread:
        thread.submit(worker.run_worker, wait=False, install_signal_handlers=False, listen_notify=False).result()
