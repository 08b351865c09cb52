# SPDX-License-Identifier: Apache-2.0
"""libsesame-mailauth as anybody gets it: installed, found by pkg-config alone,
its examples built and run: one signs a message, its key is published in the
lab's DNS, and the other verifies it there."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
MESSAGE = b"""From: Apple <apple@shelf.orchard.example>
To: pear@garden.example
Subject: Windfalls
Date: Mon, 23 Nov 2026 12:00:00 +0000
Message-ID: <1@orchard.example>

Come and see.
"""


class Installed:
    """A prefix with the library in it."""

    def __init__(self, root):
        self.config = next(root.rglob("sesame-mailauth.pc")).parent
        self.libraries = self.config.parent
        self.headers = next(root.rglob("mailauth.h")).parent

    def flags(self, *options):
        """What pkg-config says, and nobody else."""
        return subprocess.run(["pkg-config", *options, "sesame-mailauth"], check=True, capture_output=True, text=True,
                              env={**os.environ, "PKG_CONFIG_PATH": str(self.config)}).stdout.split()

    def build(self, name, to, *options, cc=("cc",)):
        program = to / name
        subprocess.run([*cc, "-o", program, EXAMPLES / (name + ".c"), "-Wall", "-Wextra", "-Werror",
                        *self.flags("--cflags", "--libs", *options)], check=True)
        return program

    def run(self, *command, **more):
        return subprocess.run(command, capture_output=True, timeout=60,
                              env={**os.environ, "LD_LIBRARY_PATH": str(self.libraries)}, **more)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    subprocess.run(["make", "install", "DESTDIR=%s" % root], cwd=ROOT, check=True, capture_output=True)
    return Installed(root)


@pytest.fixture(scope="module")
def static(installed, tmp_path_factory):
    """The same, without the shared library."""
    root = tmp_path_factory.mktemp("static") / "prefix"
    shutil.copytree(installed.headers.parents[1], root, symlinks=True)
    for shared in root.rglob("libsesame-mailauth.so*"):
        shared.unlink()
    return Installed(root)


@pytest.fixture(scope="module", params=["shared", "--static"])
def examples(request, installed, static, tmp_path_factory):
    """The two programs, and the installation they run with."""
    to = tmp_path_factory.mktemp("examples")
    if request.param == "shared":
        where, options = installed, []
    else:
        where, options = static, ["--static"]
    return where, where.build("sign", to, *options), where.build("verify", to, *options)


def header_alone(installed, header, *compiler):
    source = "#include <sesame/%s>\nint main(void) { return 0; }\n" % header.relative_to(installed.headers)
    subprocess.run([*compiler, *STRICT, "-fsyntax-only", *installed.flags("--cflags"), "-"], input=source.encode(),
                   check=True)


@pytest.mark.parametrize("compiler", [("cc", "-std=c11", "-xc"), ("g++", "-std=c++11", "-xc++"),
                                      ("g++", "-std=c++20", "-xc++"), ("clang", "-std=c11", "-xc"),
                                      ("clang++", "-std=c++17", "-xc++")], ids=lambda c: " ".join(c[:2]))
def test_header_alone(installed, compiler):
    headers = sorted(installed.headers.rglob("*.h"))
    assert len(headers) >= 10
    for header in headers:
        assert "#include \"" not in header.read_text()
        header_alone(installed, header, *compiler)


def test_examples_are_strict_c11(installed, tmp_path):
    for name in "sign", "verify":
        installed.build(name, tmp_path, cc=("cc", "-std=gnu11", "-pedantic", "-Wshadow", "-Wconversion"))


def test_what_is_linked(examples):
    """Besides libc: libcrypto, libidn2, libpsl and what these need."""
    where, *programs = examples
    for program in programs:
        names = set(re.findall(r"^\s*(\S+?)\.so", where.run("ldd", program).stdout.decode(), re.M))
        names = {name.rpartition("/")[2] for name in names}
        assert names <= {"linux-vdso", "ld-linux-x86-64", "ld-linux-aarch64", "libc", "libcrypto", "libidn2",
                         "libpsl", "libunistring", "libsesame-mailauth"}
        assert ("libsesame-mailauth" in names) == where.libraries.joinpath("libsesame-mailauth.so").exists()


def test_man_page(installed):
    page = installed.headers.parents[1] / "share/man/man3/sesame-mailauth.3"
    assert "sesame_verify_new" in page.read_text()


@pytest.fixture(scope="module", params=["rsa", "ed25519"])
def key(request, lab, installed, tmp_path_factory):
    """A private key's file and its selector; the public half is in DNS."""
    path = tmp_path_factory.mktemp("key") / "key.pem"
    kind = ["-algorithm", "ED25519"] if request.param == "ed25519" else ["-algorithm", "RSA", "-pkeyopt",
                                                                         "rsa_keygen_bits:2048"]
    subprocess.run(["openssl", "genpkey", *kind, "-out", path], check=True, capture_output=True)
    return path, "lib-" + request.param


def domain(lab):
    """A domain of these tests' own, in the operator's zone."""
    return "shelf." + lab.domain


def publish(lab, examples, key):
    where, sign, _ = examples
    record = where.run(sign, "-k", key[0], "-p", check=True).stdout.decode().strip()
    strings = " ".join('"%s"' % record[at:at + 255] for at in range(0, len(record), 255))
    name = "%s._domainkey.%s." % (key[1], domain(lab))
    lab.update("del %s TXT" % name, "add %s 60 TXT %s" % (name, strings), "del _dmarc.%s. TXT" % domain(lab),
               'add _dmarc.%s. 60 TXT "v=DMARC1; p=reject"' % domain(lab))


def verify(lab, examples, message, *options):
    where, _, program = examples
    return where.run(program, "-r", lab.env["RESOLVER"], *options, input=message)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_sign_and_verify(lab, examples, key, ends):
    publish(lab, examples, key)
    where, sign, _ = examples
    message = MESSAGE.replace(b"\n", ends)
    done = where.run(sign, "-k", key[0], "-d", domain(lab), "-s", key[1], input=message)
    assert done.returncode == 0, done
    assert done.stdout.startswith(b"DKIM-Signature: ") and done.stdout.endswith(message)
    assert set(re.findall(rb"\r?\n", done.stdout)) == {ends}

    good = verify(lab, examples, done.stdout)
    assert good.returncode == 0 and b"\nDKIM pass" in good.stdout and b"\nDMARC pass" in good.stdout, good
    # as who relays it would see it, with SPF: mx.orchard.example may send
    good = verify(lab, examples, done.stdout, "-i", "192.0.2.10", "-e", "mx." + lab.domain, "-f",
                  "bounce@" + lab.domain)
    assert good.returncode == 0 and b"\nSPF pass" in good.stdout, good

    for at in done.stdout.index(b"Come"), done.stdout.index(b"Windfalls"):
        flipped = done.stdout[:at] + bytes([done.stdout[at] ^ 1]) + done.stdout[at + 1:]
        bad = verify(lab, examples, flipped)
        assert bad.returncode == 1 and b"\nDKIM fail" in bad.stdout and b"\nDMARC fail" in bad.stdout, bad


def test_dns_is_down(examples, lab):
    where, _, program = examples
    done = where.run(program, "-r", "127.0.0.1#1", input=MESSAGE)
    assert done.returncode == 2 and b"\nDMARC temperror" in done.stdout, done


def test_bad_input(examples, tmp_path):
    where, sign, program = examples
    (tmp_path / "no.pem").write_text("hello\n")
    for command in ([sign, "-k", tmp_path / "no.pem", "-p"], [sign, "-k", tmp_path / "absent", "-p"],
                    [program, "-i", "192.0.2.300"], [program, "-x"]):
        done = where.run(*command, input=MESSAGE)
        assert done.returncode in (1, 3) and done.stderr, done
