"""A real browser on a pipe: just enough of the DevTools protocol to open a page, type into it, and look at it."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60.0


def found() -> str | None:
    """The first browser on the path, by name."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Tab:
    """One page with what it asked for and what it complained about."""

    def __init__(self, browser: Browser, session: str) -> None:
        self.browser, self.session = browser, session
        self.requests: list[str] = []
        self.blocked: list[str] = []
        self.complaints: list[str] = []
        self._asked: dict[str, str] = {}
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self.send("Network.emulateNetworkConditions", **offline)

    def send(self, method: str, **parameters: Any) -> Any:
        """Call ``method`` for this tab."""
        return self.browser.send(method, self.session, **parameters)

    def heard(self, event: dict[str, Any]) -> None:
        """Note what happened."""
        method, told = event["method"], event["params"]
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
            self._asked[told["requestId"]] = told["request"]["url"]
        elif method == "Network.loadingFailed" and told.get("blockedReason") == "csp":
            self.blocked.append(self._asked.get(told["requestId"], ""))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"].get("text")))
        elif method == "Runtime.consoleAPICalled" and told["type"] in {"error", "warning", "assert"}:
            self.complaints.append(json.dumps(told["args"])[:500])
        elif method == "Log.entryAdded" and told["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(told["entry"]["text"])

    def open(self, page: Path, width: int, height: int, *, phone: bool) -> None:
        """Show ``page`` in a window of this size, and wait until it is there."""
        scale = 2 if phone else 1
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.send("Page.navigate", url=page.resolve().as_uri())
        until = time.monotonic() + PATIENCE
        while self.run("document.readyState") != "complete" or self.run("location.protocol") != "file:":
            if time.monotonic() > until:
                raise TimeoutError(page)
            time.sleep(0.05)

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        told = self.send("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(json.dumps(told["exceptionDetails"])[:500])
        return told["result"].get("value")

    def picture(self, target: Path, *, whole: bool = False) -> None:
        """A picture of the window, or of the whole page."""
        told = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        target.write_bytes(base64.b64decode(told["data"]))


class Browser:
    """The running program; commands and answers are JSON that ends in a zero byte."""

    def __init__(self, command: int, answer: int) -> None:
        self.command, self.answer = command, answer
        self.number = 0
        self.rest = b""
        self.tabs: dict[str, Tab] = {}

    def send(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        """Call ``method`` and wait for its answer; what happens meanwhile goes to the tabs."""
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self.command, json.dumps(call).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self.number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                return told["result"]
            if told.get("sessionId") in self.tabs:
                self.tabs[told["sessionId"]].heard(told)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            if not select.select([self.answer], [], [], PATIENCE)[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.answer, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has gone")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        told: dict[str, Any] = json.loads(text)
        return told

    def tab(self) -> Tab:
        """A new empty page."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        made = Tab(self, session)
        self.tabs[session] = made
        return made


@contextmanager
def browser(program: str) -> Iterator[Browser]:
    """``program``, running without a window until the end of the block."""
    command_out, command_in = os.pipe()
    answer_out, answer_in = os.pipe()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # The program reads commands from descriptor 3 and answers on 4; a shell puts the pipes there.
        line = f'exec "$@" 3<&{command_out} 4>&{answer_in}'
        switches = [
            "--headless=new",
            "--disable-gpu",
            "--no-first-run",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        ]
        alone = ["--no-sandbox"] if os.geteuid() == 0 else []
        process = subprocess.Popen(
            ["sh", "-c", line, "sh", program, *switches, *alone, "about:blank"],
            pass_fds=(command_out, answer_in),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_out)
        os.close(answer_in)
        try:
            yield Browser(command_in, answer_out)
        finally:
            os.close(command_in)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait(timeout=20)
            os.close(answer_out)
