"""Serve the built book on this machine: ``python tools/serve.py --port 8000``.

Text goes out compressed, as real servers send it. ``--check`` only asks whether the port is free. Any Python 3 can run this file.
"""

import argparse
import functools
import gzip
import http.server
import io
import os
import socket
import socketserver
import sys

HOST = "localhost"
COMPRESSED = (".html", ".js", ".css", ".svg", ".json", ".txt", ".inv")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, compressed where that pays; quiet."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        path = self.translate_path(self.path)
        if os.path.isdir(path) and self.path.split("?")[0].endswith("/"):
            path = os.path.join(path, "index.html")
        if not (path.endswith(COMPRESSED) and os.path.isfile(path) and "gzip" in self.headers.get("Accept-Encoding", "")):
            return super().send_head()
        with open(path, "rb") as file:
            body = gzip.compress(file.read(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def server(folder, port=0):
    """A server of ``folder`` on localhost; port 0 takes any free one. Start it with ``serve_forever()``."""
    return Server((HOST, port), functools.partial(Handler, directory=str(folder)))


def is_free(port):
    """Whether nothing answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) != 0


def main():
    parser = argparse.ArgumentParser(description="Serve the built book on this machine.")
    parser.add_argument("folder", nargs="?", default="_build/html")
    parser.add_argument("--port", default="8000")
    parser.add_argument("--check", action="store_true", help="only ask whether the port is free")
    arguments = parser.parse_args()
    if not (arguments.port.isdigit() and 0 < int(arguments.port) < 65536):
        sys.exit("PORT must be a number from 1 to 65535 (it was {!r}): make serve PORT=8000".format(arguments.port))
    port = int(arguments.port)
    if not is_free(port):
        other = next((p for p in range(port + 1, min(port + 50, 65536)) if is_free(p)), 8000)
        sys.exit("Port {} is taken by another program. Choose another one: make serve PORT={}".format(port, other))
    if arguments.check:
        return
    if not os.path.exists(os.path.join(arguments.folder, "index.html")):
        sys.exit("There is no book in {}: build it with `make book`.".format(arguments.folder))
    try:
        running = server(arguments.folder, port)
    except OSError as error:
        sys.exit("Cannot serve on port {} ({}). Choose another one: make serve PORT=9000".format(port, error.strerror))
    print("The book is at http://{}:{}/ (stop with Ctrl-C)".format(HOST, port), flush=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
