"""A stand-in for ClamAV's daemon: speaks PING and INSTREAM on a socket, and finds EICAR's test file."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


Talk = tuple[str, list[bytes]]  # the address, and what was handed in


class _Talk(socketserver.StreamRequestHandler):
    answer: bytes | None = None
    is_silent = False
    heard: list[bytes]

    def handle(self) -> None:
        command = b""
        while not command.endswith((b"\n", b"\0")):
            piece = self.rfile.read(1)
            if not piece:
                return
            command += piece
        if self.is_silent:
            return
        if b"PING" in command:
            self.wfile.write(b"PONG\n")
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.heard.append(content)
        found = b"stream: Eicar-Test-Signature FOUND\n" if EICAR in content else b"stream: OK\n"
        self.wfile.write(found if self.answer is None else self.answer)


@contextlib.contextmanager
def daemon(path: str = "", *, answer: bytes | None = None, is_silent: bool = False) -> Iterator[Talk]:
    """The daemon, for as long as the block runs; on a socket file when `path` is one."""
    heard: list[bytes] = []
    talk = type("Talk", (_Talk,), {"answer": answer, "is_silent": is_silent, "heard": heard})
    server: socketserver.BaseServer = (
        socketserver.UnixStreamServer(path, talk) if path else socketserver.TCPServer(("127.0.0.1", 0), talk)
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield path or f"127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        server.server_close()
