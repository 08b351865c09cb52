# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests that run sesame beside real servers and clients."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lab"))

from lab import Lab  # noqa: E402
from sink import Sink  # noqa: E402


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Knot, unbound and sesame, with nothing in it yet."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    try:
        lab.start()
        yield lab
    finally:
        lab.stop()


@pytest.fixture(scope="session")
def verified(lab):
    """The lab, with the operator's domain an identity and all it needs."""
    lab.onboard(lab.domain)
    return lab


@pytest.fixture(scope="module")
def own(request, tmp_path_factory):
    """A lab of one file alone, verified, with a sink that takes its mail, and
    keeps it if the file says KEEP_MAIL."""
    sink = Sink(keep=getattr(request.module, "KEEP_MAIL", False)).start()
    lab = Lab(tmp_path_factory.mktemp(request.module.__name__), delivery_port=sink.port)
    try:
        lab.start()
        lab.update("add sink.%s. 60 A 127.0.0.1" % lab.domain)
        lab.onboard(lab.domain)
        lab.sink = sink
        yield lab
    finally:
        lab.stop()
        sink.stop()
