"""Executes the notebook argv[1] on the Java kernel in the folder argv[2] and writes it back."""

import sys

import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
NotebookClient(
    notebook, kernel_name="java", timeout=300, resources={"metadata": {"path": folder}}
).execute()
nbformat.write(notebook, path)
