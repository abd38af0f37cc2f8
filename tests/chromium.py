"""A real Chromium without a window, driven by its DevTools protocol over a pair of pipes."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SECONDS = 60
"""How long an answer may take."""
BINARY = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}


class Page:
    """One page. What it complains of is kept in `complaints`."""

    def __init__(self, commands: int, answers: int) -> None:
        self.complaints: list[str] = []
        self._commands, self._answers = commands, answers
        self._number, self._read = 0, b""
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command's answer. Events that come before it are looked through for complaints."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._hear(answer)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        found: dict[str, Any] = answer["result"]
        return found

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._answers], [], [], SECONDS)
            part = os.read(self._answers, 1 << 20) if ready else b""
            if not part:
                raise AssertionError("Chromium has ended, or does not answer")
            self._read += part
        message, self._read = self._read.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        return found

    def _hear(self, event: dict[str, Any]) -> None:
        if event.get("method") in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.complaints.append(json.dumps(event["params"]))

    def open(self, path: Path, *, dark: bool = False, width: int = 1400, height: int = 900) -> None:
        """Show a file, and wait until it is there."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        self.call("Page.navigate", url=path.absolute().as_uri())
        while self.ask("document.readyState") != "complete" or self.ask("location.href") == "about:blank":
            pass

    def ask(self, expression: str) -> Any:
        """What an expression of JavaScript comes to; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"]["exception"].get("description"))
        return answer["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys, as a hand would."""
        for key in keys:
            text = {"text": "\r"} if key == "Enter" else {}
            code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
            self.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def point(self, selector: str, *, click: bool = False) -> None:
        """Move the mouse to the middle of an element."""
        box = f"(() => {{const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
        x, y = self.ask(f"{box} return [b.x + b.width / 2, b.y + b.height / 2]}})()")
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased") if click else ():
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])


@contextmanager
def chromium() -> Iterator[Page]:
    """A page of a browser that lives as long as the block."""
    assert BINARY is not None
    commands, to_browser = os.pipe()
    from_browser, answers = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # The browser reads commands from descriptor 3, and answers on descriptor 4. Not every `sh` takes two digits.
        shell = f'exec 3<&{commands} 4>&{answers} && exec "$@"'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        # No name is looked up: a page that asks for anything on the network is heard of.
        options += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}"]
        process = subprocess.Popen(
            ["bash", "-c", shell, "bash", BINARY, "--remote-debugging-pipe", *options],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        try:
            yield Page(to_browser, from_browser)
        finally:
            process.kill()
            process.wait()
            for pipe in (to_browser, from_browser):
                with suppress(OSError):
                    os.close(pipe)
