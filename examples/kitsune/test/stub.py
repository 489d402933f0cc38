"""A receiver with scripted answers, for what a real Perennial does not do on demand."""

import http.server
import json
import threading
import time

from perennial.webhook import sign


class Stub:
    """Answers each request with the next of `answers`: (status, headers, body), or None to hang up half-way."""

    def __init__(self, secret, answers):
        self.requests = []
        self.answers = list(answers)
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                stub.requests.append((time.monotonic(), self.headers["webhook-id"], body))
                stamp = self.headers["webhook-timestamp"]
                assert abs(int(stamp) - time.time()) < 300  # the tolerance of a receiver
                expected = sign(secret, self.headers["webhook-id"], stamp, body)
                assert self.headers["webhook-signature"] == expected
                answer = stub.answers.pop(0) if stub.answers else stub.accept(body)
                if answer is None:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
                    return
                status, headers, text = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @staticmethod
    def accept(body):
        results = [{"index": index, "status": "recorded"} for index, _ in enumerate(json.loads(body)["data"])]
        return 200, {}, json.dumps({"results": results}).encode()

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Told:
    """Answers each GET with the next of `replies`: (status, headers, body), or None to hang up. Without any left it fails."""

    def __init__(self):
        self.requests, self.replies = [], []
        told = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                told.requests.append({name.lower(): value for name, value in self.headers.items()})
                reply = told.replies.pop(0) if told.replies else (500, {}, b"unexpected")
                if reply is None:
                    return
                status, headers, text = reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
