"""A kernel of this interpreter that runs code for the embedded publisher, through nbclient."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

CELL_SECONDS = 900
SLOW = "rfc3987_syntax"
"""An optional module of jsonschema, which compiles grammars for three seconds when imported.

They check the addresses in a notebook's metadata; the notebooks here have none.
"""
_STARTING = Lock()
"""Kernels started at the same moment might choose the same ports."""


class Runner:
    """Runs code in a kernel that nbclient looks after."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, code: str) -> list[dict[str, Any]]:
        """Run code and return its outputs, as in a notebook of format 4."""
        import nbformat

        cell = nbformat.v4.new_code_cell(code)
        self._client.nb.cells = [cell]
        self._client.execute_cell(cell, 0)
        return list(cell.outputs)


class Kernel:
    """The kernel of a book: this interpreter, whatever kernels the machine knows by name.

    Parameters
    ----------
    folder
        Where the code works.
    edition
        The folder of the edition, which the code finds in ``HOTLINE_EDITION``.
    """

    def __init__(self, folder: Path, edition: Path) -> None:
        from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        with _without(SLOW):
            import nbformat
            from nbclient import NotebookClient

        class ThisInterpreter(KernelSpecManager):
            def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
                argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
                argv += ["--log-level=40"]
                return KernelSpec(argv=argv, display_name=kernel_name, language="python")

        self._client = NotebookClient(
            nbformat.v4.new_notebook(),
            km=AsyncKernelManager(kernel_spec_manager=ThisInterpreter(), kernel_name="python3"),
            resources={"metadata": {"path": str(folder.resolve())}},
            allow_errors=True,
            timeout=CELL_SECONDS,
        )
        self._env = _environment(edition)
        self._context: Any = None

    def __enter__(self) -> Runner:
        """Start the kernel."""
        with _STARTING:
            self._context = self._client.setup_kernel(env=self._env, cleanup_kc=True)
            self._context.__enter__()
        return Runner(self._client)

    def __exit__(self, *error: object) -> None:
        """End the kernel."""
        self._context.__exit__(*error)


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Let imports within the block do without a module, unless it is imported already."""
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # pyright: ignore[reportArgumentType]
    try:
        yield
    finally:
        if hidden:
            sys.modules.pop(module, None)


def _environment(edition: Path) -> dict[str, str]:
    packages = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (packages, os.environ.get("PYTHONPATH", "")) if p)
    fixed = {
        "HOTLINE_EDITION": str(edition.resolve()),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        "SOURCE_DATE_EPOCH": "0",
    }
    return {**os.environ, **fixed}
