"""A port that counts who knocks."""

from __future__ import annotations

import socket
import threading
from typing import Self


class Listener:
    """Accepts connections on 127.0.0.1, counts them and hangs up."""

    def __init__(self) -> None:
        self._hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._count)
        self._thread.start()

    @property
    def hits(self) -> int:
        """How many have knocked until now: they are taken in order, so those before this question are in the answer."""
        if self._thread.is_alive():
            with socket.create_connection(self._socket.getsockname()) as question:
                question.sendall(b"hits")
                question.recv(1)
        return self._hits

    def _count(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                match connection.recv(4):
                    case b"stop":
                        return
                    case b"hits":
                        continue
            self._hits += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # whoever knocked before this has been counted when the thread ends
        with socket.create_connection(self._socket.getsockname()) as last:
            last.sendall(b"stop")
        self._thread.join()
        self._socket.close()
