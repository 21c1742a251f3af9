"""How soon a notebook shows its first figure, from the start of its kernel.

Starts the Java kernel several times; each loads the library as every notebook does and draws a
figure. Milliseconds from the start to the kernel's first answer, to the loaded library and to the
figure, for people, and in the columns of the benchmark. Or leaves behind an archive of the classes
that one kernel loaded on the way, which lets the next ones start sooner.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from pictures import FIGURE

PATIENCE = 180  # seconds for a cell
LOADING = "%load ../environment/grokscope.jshell"
SQUARES = """Curves.of("Squares", "number", "square", Table.create("squares",
    DoubleColumn.create("number", 1, 2, 3), DoubleColumn.create("square", 1, 4, 9)))"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--out", type=Path, help="a CSV file")
    wanted.add_argument("--archive", type=Path, help="instead, an archive of the classes it loads")
    arguments = parser.parse_args()
    if arguments.archive:
        return archive(arguments.notebooks, arguments.archive)
    rounds = [start(arguments.notebooks) for _ in range(arguments.rounds)]
    spans = dict(zip(("kernel-start", "kernel-library", "kernel-first-figure"), zip(*rounds)))
    arguments.out.write_text("variant,threads,p,median_ms,min_ms,rounds\n" + "".join(
        f"{name},1,0,{statistics.median(times):.3f},{min(times):.3f},{len(times)}\n"
        for name, times in spans.items()), encoding="utf-8")
    print("from the start of a kernel: it answers after {:,.0f} ms, has the library after {:,.0f} "
          "ms and draws the first figure after {:,.0f} ms (medians of {})".format(
              *map(statistics.median, spans.values()), len(rounds)))


def start(folder):
    """Milliseconds from a kernel's start to its three signs of life."""
    began = time.monotonic()
    manager, client = start_new_kernel(
        kernel_name="java", cwd=str(folder), startup_timeout=PATIENCE, stderr=subprocess.DEVNULL)
    try:
        return [1000 * (moment - began)
                for moment in (time.monotonic(), done(client, LOADING), done(client, SQUARES, FIGURE))]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def archive(folder, file):
    """Writes an archive of classes, whole or not at all; the JVM does so at its end."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    os.environ["JJAVA_JVM_OPTS"] = os.environ.get("JJAVA_JVM_OPTS", "") + (
        f" -XX:ArchiveClassesAtExit={part} -Xlog:disable")
    manager, client = start_new_kernel(
        kernel_name="java", cwd=str(folder), startup_timeout=PATIENCE,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        done(client, LOADING)
        done(client, SQUARES, FIGURE)
        client.execute("System.exit(0);")
        manager.provisioner.process.wait(PATIENCE)
        os.replace(part, file)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        part.unlink(missing_ok=True)


def done(client, code, wanted=None):
    """When the kernel has executed a cell, and shown what is wanted."""
    shown = set()

    def look(message):
        shown.update(message["content"].get("data", {}))

    reply = client.execute_interactive(code, timeout=PATIENCE, output_hook=look)["content"]
    if reply["status"] != "ok":
        sys.exit(f"grokscope: first figure: the cell {code} failed: {reply.get('evalue')}")
    if wanted and wanted not in shown:
        sys.exit(f"grokscope: first figure: the cell {code} showed {sorted(shown)}, not {wanted}")
    return time.monotonic()


if __name__ == "__main__":
    main()
