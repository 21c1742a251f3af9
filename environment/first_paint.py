"""How soon a published page shows something, and how much has been sent by then and in the end.

The end is that of a reader who scrolls to the end of the page, which loads all its pictures. The
page comes from a web server on this machine, into a browser that has nothing in its cache, several
times; a line for people, and a CSV file. GROKSCOPE_CHROMIUM names the browser.
"""

import argparse
import asyncio
import contextlib
import functools
import http.server
import json
import os
import statistics
import sys
import threading
from pathlib import Path

import choreographer

from pictures import quiet_chromium

PATIENCE = 30  # seconds for a page
HEIGHT = 900  # pixels of the window
SCRIPT = """(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const asked = performance.getEntriesByType("navigation")
    .concat(performance.getEntriesByType("resource"));
  if (!paint || document.readyState !== "complete") return "";
  const there = asked.filter((one) => one.responseEnd <= paint.startTime || one.entryType === "navigation");
  return JSON.stringify({ paint: paint.startTime, there: there.map((one) => new URL(one.name).pathname) });
})()"""

SCROLL = """(async () => {
  const frame = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
    scrollTo({ top, behavior: "instant" });
    await frame();
  }
  await document.fonts.ready;
  while (Array.from(document.images).some((one) => one.checkVisibility() && !one.complete)) await frame();
  return "done";
})()"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--page", default="index.html")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--width", type=int, default=1200, help="of the window, in pixels")
    parser.add_argument("--list", action="store_true", help="also print the bytes of each file")
    parser.add_argument("--out", type=Path, required=True, help="a CSV file")
    arguments = parser.parse_args()
    if not (arguments.site / arguments.page).is_file():
        sys.exit(f"grokscope: first paint: no {arguments.page} in {arguments.site}; "
                 "environment/grokscope run publishes it")
    seen = asyncio.run(measure(arguments))
    paints = [one["paint"] for one in seen]
    last = seen[-1]
    arguments.out.write_text(
        "page,first_paint_ms,min_ms,bytes,requests,rounds,bytes_before\n"
        f"{arguments.page},{statistics.median(paints):.0f},{min(paints):.0f},"
        f"{last['bytes']},{last['requests']},{len(seen)},{last['before']}\n", encoding="utf-8")
    print(f"{arguments.page}: first paint after {statistics.median(paints):.0f} ms (median of "
          f"{len(seen)}) and {last['before'] / 1000:,.0f} kB; with its pictures and fonts "
          f"{last['bytes'] / 1000:,.0f} kB in {last['requests']} requests")
    if arguments.list:
        for path, size in sorted(last["sent"].items(), key=lambda one: -one[1]):
            print(f"{size:9,} {path}")


async def measure(arguments):
    with contextlib.ExitStack() as stack:
        address = serve(arguments.site, stack) + arguments.page
        program = quiet_chromium(stack)
        seen = []
        for _ in range(arguments.rounds):
            Quiet.sent = {}
            one = await visit(address, program, arguments.width)
            one["before"] = sum(Quiet.sent.get(path, 0) for path in one["there"])
            sent = Quiet.sent
            seen.append({**one, "sent": sent, "bytes": sum(sent.values()), "requests": len(sent)})
        return seen


def serve(site, stack):
    """A web server for a site, as long as the stack is open; its address."""
    handler = functools.partial(Quiet, directory=str(site.resolve()))
    server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stack.callback(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}/"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Counts what it sends; a browser does not tell of everything."""

    sent = {}  # bytes, by path

    def copyfile(self, source, outputfile):
        self.sent[self.path] = os.fstat(source.fileno()).st_size
        super().copyfile(source, outputfile)

    def log_message(self, *words):
        pass


async def go_to(address, browser, width):
    tab = await browser.create_tab("about:blank")
    await tab.send_command("Emulation.setDeviceMetricsOverride", params={
        "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})
    await tab.send_command("Page.navigate", params={"url": address})
    return tab


async def visit(address, program, width):
    """One visit with an empty cache: the browser is a new one."""
    async with choreographer.Browser(path=program, headless=True) as browser:
        tab = await go_to(address, browser, width)
        for _ in range(10 * PATIENCE):
            answer = await tab.send_command("Runtime.evaluate", params={"expression": SCRIPT})
            text = answer.get("result", {}).get("result", {}).get("value")
            if text:
                await tab.send_command("Runtime.evaluate", params={
                    "expression": SCROLL, "awaitPromise": True})
                return json.loads(text)
            await asyncio.sleep(0.1)
    sys.exit(f"grokscope: first paint: {address} shows nothing after {PATIENCE} s")


if __name__ == "__main__":
    main()
