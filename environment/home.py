"""The folder that outlives a checkout, files that are whole or not there, and folders with one writer."""

import contextlib
import fcntl
import os
from pathlib import Path


class BusyError(Exception):
    """Somebody else writes there."""


def folder(name):
    """What is kept under a name in GROKSCOPE_HOME."""
    home = os.environ.get("GROKSCOPE_HOME") or Path.home() / ".cache" / "grokscope"
    return Path(home) / name


def write_whole(path, data):
    """Bytes into a file, whole or not at all, whoever reads or writes it at the same time."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def hold(site, command):
    """Keeps others from writing a site at the same time; the system lets go when a process ends.

    The file beside the site says who has it. That it is there means nothing.
    """
    path = site.with_name(f"{site.name}-work") / "writer"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(file, 200).decode(errors="replace").strip() or "another process"
            raise BusyError(
                f"{who} is writing {site}; wait for its end, or give another --site") from None
        except OSError:
            pass  # a disk without locks
        with contextlib.suppress(OSError):  # of a full disk
            os.ftruncate(file, 0)
            os.write(file, f"`{command}` (process {os.getpid()})".encode())
        yield
    finally:
        os.close(file)
