"""How long the page that trains takes before a reader's eyes, in a browser with nothing in its cache.

Presses the button with the settings that the page opens with, and waits for it to say that the rule is
understood. Seconds until then, the longest time in which the page could not have answered, and the
memory of the page's process with its worker at the end; a line for people, and a CSV file.
GROKSCOPE_CHROMIUM names the browser.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
from pathlib import Path

import choreographer

from first_paint import go_to, serve
from pictures import quiet_chromium

PATIENCE = 180  # seconds for a run
PAGE = "live.html"
START = """(() => {
  const live = document.getElementById("live");
  if (!live || !window.grokscopeLive) return "";
  const watch = window.watch = { longest: 0, last: performance.now() };
  const tick = () => {
    const now = performance.now();
    watch.longest = Math.max(watch.longest, now - watch.last);
    watch.last = now;
    setTimeout(tick, 0);
  };
  tick();
  const understood = window.grokscopeLive.texts.understood.split("{")[0];
  const began = performance.now();
  new MutationObserver(() => {
    if (watch.seconds === undefined && live.querySelector(".said").textContent.startsWith(understood)) {
      watch.seconds = (performance.now() - began) / 1000;
    }
  }).observe(live, { subtree: true, childList: true, characterData: true });
  live.requestSubmit();
  return "begun";
})()"""
WATCH = "JSON.stringify(window.watch)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, required=True, help="a CSV file")
    arguments = parser.parse_args()
    if not (arguments.site / PAGE).is_file():
        sys.exit(f"grokscope: live page: no {PAGE} in {arguments.site}; "
                 "environment/grokscope publish makes it")
    seen = asyncio.run(measure(arguments))
    seconds, gaps, memory = ([one[name] for one in seen] for name in ("seconds", "gap", "memory"))
    arguments.out.write_text(
        "page,median_s,min_s,longest_gap_ms,memory_mb,rounds\n"
        f"{PAGE},{statistics.median(seconds):.1f},{min(seconds):.1f},{max(gaps):.0f},"
        f"{max(memory):.0f},{len(seen)}\n", encoding="utf-8")
    print(f"{PAGE}: understood after {statistics.median(seconds):.1f} s (median of {len(seen)}), longest "
          f"gap {max(gaps):.0f} ms, memory at most {max(memory):.0f} MB")


async def measure(arguments):
    with contextlib.ExitStack() as stack:
        address = serve(arguments.site, stack) + PAGE
        program = quiet_chromium(stack)
        return [await train(address, program) for _ in range(arguments.rounds)]


async def train(address, program):
    async with choreographer.Browser(path=program, headless=True) as browser:
        tab = await go_to(address, browser, 1200)
        await ask(tab, START, "does not open")
        while "seconds" not in (seen := json.loads(await ask(tab, WATCH, "is gone"))):
            await asyncio.sleep(0.5)
            if seen["last"] > 1000 * PATIENCE:
                sys.exit(f"grokscope: live page: nothing understood after {PATIENCE} s")
        answer = await browser.send_command("SystemInfo.getProcessInfo")
        renderers = [one["id"] for one in answer["result"]["processInfo"] if one["type"] == "renderer"]
        return {"seconds": seen["seconds"], "gap": seen["longest"],
                "memory": max(map(megabytes, renderers))}


async def ask(tab, expression, trouble):
    """What a script says, as soon as it says something."""
    for _ in range(100):
        answer = await tab.send_command("Runtime.evaluate", params={"expression": expression})
        value = answer.get("result", {}).get("result", {}).get("value")
        if value:
            return value
        await asyncio.sleep(0.1)
    sys.exit(f"grokscope: live page: {PAGE} {trouble}")


def megabytes(process):
    """Of memory that a process has, its share of what it has together with others."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


if __name__ == "__main__":
    main()
