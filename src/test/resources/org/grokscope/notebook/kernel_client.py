"""Runs cells on a real Java kernel and tells what a client hears.

Reads a plan as JSON from standard input:
    {"cwd": folder, "timeout": seconds, "cells": [{"code": ..., "interrupt_at": text, "until": text}],
     "kernel": name, "environment": {variable: value}}
where the kernel is "java" if none is named. A cell {"complete": text} is not run: what the kernel
offers after that text comes back as {"matches": [...]}.
A cell with "interrupt_at" is interrupted as soon as an output contains that text; a cell with
"until" is listened to until an output contains that text, even after the kernel is idle again.
Writes a list as JSON to standard output, one object a cell:
    {"status": "ok" | "error", "ename", "evalue", "seconds_to_idle", "outputs": [{"type", "id", "data"}]}
"seconds_to_idle" counts from the interrupt, or from the beginning if there was none.
"""

import json
import os
import queue
import sys
import time

from jupyter_client.manager import KernelManager


def text_of(content):
    data = content.get("data", {})
    return data.get("text/plain", "") + content.get("text", "") + content.get("evalue", "")


def run(manager, client, cell, timeout):
    if "complete" in cell:
        reply = client.complete(cell["complete"], reply=True, timeout=timeout)
        return {"matches": reply["content"]["matches"]}
    began = time.monotonic()
    message_id = client.execute(cell["code"])
    outputs, idle, interrupted = [], None, None
    waits_for = cell.get("until")
    while idle is None or waits_for:
        if time.monotonic() - began > timeout:
            raise TimeoutError(f"no end of the cell {cell['code']!r}; outputs so far: {outputs}")
        try:
            message = client.get_iopub_msg(timeout=1)
        except queue.Empty:
            continue
        if message["parent_header"].get("msg_id") != message_id:
            continue
        content = message["content"]
        if message["msg_type"] == "status":
            if content["execution_state"] == "idle":
                idle = time.monotonic()
            continue
        if message["msg_type"] == "execute_input":
            continue
        text = text_of(content)
        outputs.append(
            {
                "type": message["msg_type"],
                "id": content.get("transient", {}).get("display_id"),
                "data": content.get("data", {"text/plain": text}),
                "traceback": content.get("traceback"),
            }
        )
        if waits_for and waits_for in text:
            waits_for = None
        if interrupted is None and cell.get("interrupt_at") and cell["interrupt_at"] in text:
            interrupted = time.monotonic()
            manager.interrupt_kernel()
    while True:
        reply = client.get_shell_msg(timeout=timeout)
        if reply["parent_header"].get("msg_id") == message_id:
            break
    content = reply["content"]
    return {
        "status": "error" if "ename" in content else "ok",
        "ename": content.get("ename"),
        "evalue": content.get("evalue"),
        "seconds_to_idle": idle - (interrupted or began),
        "outputs": outputs,
    }


def main():
    plan = json.load(sys.stdin)
    os.environ.update(plan.get("environment", {}))
    manager = KernelManager(kernel_name=plan.get("kernel", "java"))
    manager.start_kernel(cwd=plan["cwd"])
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=plan["timeout"])
        json.dump([run(manager, client, cell, plan["timeout"]) for cell in plan["cells"]], sys.stdout)
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


main()
