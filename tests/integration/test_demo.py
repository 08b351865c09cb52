# SPDX-License-Identifier: Apache-2.0
"""script/demo itself: it must end well, in time, and with the proof."""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def test_demo(tmp_path):
    done = subprocess.run([ROOT / "script/demo"], stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                          env={**os.environ, "TMPDIR": str(tmp_path)})
    text = done.stdout.decode()
    assert done.returncode == 0, text + done.stderr.decode()
    assert int(re.search(r"Done in (\d+) s", text).group(1)) < 60
    assert "gmail.com" in text and "cname.target_doubled" in text
    report = text[text.rindex("$ sesame test"):]
    for proof in (r"SPF +pass\b.*aligned", r"DKIM +pass\b.*aligned", r"DMARC +pass\b", r"policy quarantine"):
        assert re.search(proof, report), report
    assert not list(tmp_path.iterdir()), "the demo left something behind"
