"""One supervisor of named children: merged readable output, restarts, and an orderly end.

A single thread on purpose: Linux ties a child's death signal to the thread that started it, and forking
beside other threads is unsafe.
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from tenants.embedded.child import Child, Spec
from tenants.embedded.paths import read_json, write_json
from tenants.embedded.process import is_alive, signal_group, wait_until

COLOURS = (36, 33, 32, 35, 34, 96, 93)
LEFTOVER_SECONDS = 8.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Ctrl-C or a polite kill arrived."""


class Supervisor:
    """Runs children until it is asked to stop. Use as a context: leaving it stops every child."""

    def __init__(self, output: TextIO, processes: Path) -> None:
        self.children: dict[str, Child] = {}
        self._output = output
        self._processes = processes
        self._coloured = output.isatty() and not os.environ.get("NO_COLOR")
        self._selector = selectors.DefaultSelector()
        self._stop_requests = 0
        self._stopping = False

    def __enter__(self) -> "Supervisor":
        self._wake_read, self._wake_write = socket.socketpair()
        for end in (self._wake_read, self._wake_write):
            end.setblocking(False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._old_wakeup = signal.set_wakeup_fd(self._wake_write.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {number: signal.getsignal(number) for number in SIGNALS}
        for number, handler in self._old_handlers.items():
            if number != signal.SIGHUP or handler != signal.SIG_IGN:  # `nohup` asked to go on
                signal.signal(number, self._note_signal)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop_all()
        finally:
            signal.set_wakeup_fd(self._old_wakeup)
            for number, handler in self._old_handlers.items():
                signal.signal(number, handler)
            self._selector.close()
            self._wake_read.close()
            self._wake_write.close()

    def start(self, spec: Spec) -> Child:
        """Start a child that is kept running until the end."""
        child = Child(spec)
        self.children[spec.name] = child
        self._start(child)
        return child

    def is_kept(self, name: str) -> bool:
        """Whether a child of this name is kept running."""
        return name in self.children

    def run_once(self, *specs: Spec, ended: Callable[[str], None] = lambda name: None) -> list[int]:
        """Run children side by side to their ends; returns their exit codes. Raises StopRequested.

        `ended` hears the name of each that ends well, at once.
        """
        children = [Child(spec) for spec in specs]
        for child in children:
            self._start(child)
        waiting = list(children)
        try:
            while any(child.running for child in children):
                self.pump(0.2)
                for child in [one for one in waiting if not one.running]:
                    waiting.remove(child)
                    if child.exit_code == 0:
                        ended(child.spec.name)
            return [child.exit_code for child in children]
        finally:
            for child in children:
                child.signal(signal.SIGTERM)
            wait_until(lambda: not any(child.running for child in children), LEFTOVER_SECONDS)
            for child in children:
                self._close(child)

    def run(self) -> None:
        """Keep the children running until a signal asks to stop."""
        with suppress(StopRequested):
            while True:
                self.pump(1.0)

    def pump(self, seconds: float) -> None:
        """Pass output on and restart what ended, for at most `seconds`. Raises StopRequested."""
        if self._stop_requests and not self._stopping:
            raise StopRequested
        for key, _ in self._selector.select(self._shortened(seconds)):
            if isinstance(key.fileobj, Child):
                self._pass_on(key.fileobj)
            else:
                with suppress(BlockingIOError):
                    self._wake_read.recv(64)
        if not self._stopping:
            self._look_after()

    def stop_all(self) -> None:
        """Stop stage by stage, the highest first; who does not end in time is killed."""
        self._stopping = True
        for stage in sorted({child.spec.stage for child in self.children.values()}, reverse=True):
            self._stop_stage([child for child in self.children.values() if child.spec.stage == stage])
        self.children.clear()
        self._processes.unlink(missing_ok=True)

    def say(self, text: str, name: str = "up") -> None:
        """One line of the merged output."""
        label = f"{name:<9}"
        if self._coloured:
            colour = COLOURS[sum(name.encode()) % len(COLOURS)]
            label = f"\x1b[{colour}m{label}\x1b[0m"
        # A reader that went away (`up | head`) must not take the servers with it.
        with suppress(OSError):
            print(f"{label} | {text}", file=self._output, flush=True)

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop_requests += 1

    def _shortened(self, seconds: float) -> float:
        waiting = [child.restart_at for child in self.children.values() if child.restart_at is not None]
        soonest = min(waiting, default=float("inf")) - time.monotonic()
        return max(0.0, min(seconds, soonest))

    def _start(self, child: Child) -> None:
        child.start()
        self._selector.register(child, selectors.EVENT_READ)
        self._write_processes()

    def _close(self, child: Child) -> None:
        if child.process is None:
            return
        while child in self._registered() and self._pass_on(child):
            pass
        if child in self._registered():
            self._selector.unregister(child)
        child.bury()

    def _registered(self) -> list[object]:
        return [key.fileobj for key in self._selector.get_map().values()]

    def _pass_on(self, child: Child) -> bool:
        lines, more = child.read()
        for line in lines:
            self.say(line, child.spec.name)
        if not more:
            self._selector.unregister(child)
        return bool(lines)

    def _look_after(self) -> None:
        for child in self.children.values():
            if child.restart_at is not None:
                if time.monotonic() >= child.restart_at:
                    self._start(child)
            elif not child.running:
                self._plan_restart(child)

    def _plan_restart(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        self._close(child)
        pause = child.schedule_restart()
        name = child.spec.name
        self.say(
            f"{name} 意外退出（{code}），{pause:g} 秒后重启 / ended ({code}), starts again in {pause:g} s",
            name,
        )

    def _stop_stage(self, children: list[Child]) -> None:
        for child in children:
            child.restart_at = None
            child.signal(child.spec.stop_signal)
        self._await_end(children, max(child.spec.stop_seconds for child in children))
        for child in children:
            child.signal(signal.SIGQUIT if not child.spec.group else signal.SIGKILL)
        self._await_end(children, LEFTOVER_SECONDS)
        for child in children:
            self._close(child)

    def _await_end(self, children: list[Child], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        asked = self._stop_requests
        while any(child.running for child in children) and time.monotonic() < deadline:
            self.pump(0.1)
            if self._stop_requests > asked:  # a second Ctrl-C: no more patience
                return

    def _write_processes(self) -> None:
        running = {name: child.process.pid for name, child in self.children.items() if child.process}
        write_json(
            self._processes,
            {
                name: {"pid": pid, "started": started_at(pid)}
                for name, pid in running.items()
                if self.children[name].spec.group
            },
        )


def started_at(pid: int) -> str:
    """A mark that tells a process from a later one of the same number; "" where the system has none."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""


def end_leftovers(processes: Path) -> None:
    """End what a killed supervisor left behind, politely first."""
    left = [entry for entry in read_json(processes).values() if _is_ours(entry["pid"], entry["started"])]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for entry in left:
            signal_group(entry["pid"], number)
        if wait_until(_all_gone(left), LEFTOVER_SECONDS):
            break
    processes.unlink(missing_ok=True)


def _all_gone(left: list[dict[str, str]]) -> Callable[[], bool]:
    return lambda: not any(_group_lives(int(entry["pid"])) for entry in left)


def _is_ours(pid: int, started: str) -> bool:
    if is_alive(pid):
        return bool(started) and started_at(pid) == started
    # The number of a group that still has members is not given to a new process.
    return _group_lives(pid)


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # In a container nobody may collect the dead; they hold neither port nor file.
    members = [line for line in _process_states() if int(line[2]) == group]
    return not members or any(state != "Z" for state, *_ in members)


def _process_states() -> list[list[str]]:
    """State, parent, group and more of every process, as far as the system tells."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found.append(file.read_text().rpartition(")")[2].split())
    return found
