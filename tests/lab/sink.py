# SPDX-License-Identifier: Apache-2.0
"""A mail host that takes everything and notes each message's Subject, with
the time at which it was about to answer 250."""
import asyncio
import threading
import time


class Sink:
    def __init__(self, keep=False):
        self.taken = {}  # Subject: [time of each 250]
        self.kept = [] if keep else None  # (recipients, bytes) of each message
        self.port = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        self._loop = asyncio.new_event_loop()
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20, backlog=1024))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _session(self, reader, writer):
        writer.write(b"220 sink.test ESMTP\r\n")
        recipients = []
        while True:
            line = (await reader.readuntil(b"\r\n")).upper()
            if line.startswith(b"MAIL"):
                recipients = []
            elif line.startswith(b"RCPT"):
                recipients.append(line.split(b"<")[1].split(b">")[0].decode().lower())
            if line.startswith(b"EHLO"):
                writer.write(b"250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif line.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                subject, lines = None, []
                while True:
                    line = await reader.readuntil(b"\r\n")
                    if line == b".\r\n":
                        break
                    lines.append(line[1:] if line.startswith(b".") else line)
                    if subject is None and line.startswith(b"Subject: "):
                        subject = line[9:].strip().decode()
                if self.kept is not None:
                    self.kept.append((recipients, b"".join(lines)))
                self.taken.setdefault(subject, []).append(time.monotonic())
                writer.write(b"250 taken\r\n")
            elif line.startswith(b"QUIT"):
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
