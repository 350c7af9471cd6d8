"""The embedded broker: Valkey on loopback with a password."""

from __future__ import annotations

import os
from dataclasses import dataclass

import redis

from config.launcher.binaries import find_broker
from config.launcher.errors import LauncherError
from config.launcher.keys import password
from config.launcher.places import Place, private_folder
from config.launcher.processes import Crew, free_port, plain_environment, wait_until

DATABASES = 512


@dataclass
class EmbeddedBroker:
    """The broker of one place; `throwaway` keeps nothing on disk."""

    place: Place
    throwaway: bool = False
    port: int = 0

    def start(self, crew: Crew) -> bool:
        """Start it and wait for its answer; False when there is no program for it on this machine."""
        program = find_broker(self.place.servers, self.place.user)
        if program is None:
            return False
        folder = private_folder(self.place.servers / "broker", self.place.user)
        for attempt in range(3):
            self.port = free_port()
            settings = folder / "broker.conf"
            settings.touch(mode=0o600)
            settings.write_text(self._settings(), encoding="utf-8")
            if self.place.user is not None:
                os.chown(settings, self.place.user.pw_uid, self.place.user.pw_gid)
            child = crew.start(
                "broker",
                [str(program), str(settings)],
                environment=plain_environment(),
                log=self.place.log / "broker.log",
                user=self.place.user,
                folder=folder,
            )
            try:
                wait_until(self._answers, seconds=20, child=child, what="The broker")
                return True
            except LauncherError:
                crew.forget(child)
                if attempt == 2:
                    raise
        return False

    @property
    def url(self) -> str:
        return f"redis://:{password(self.place, 'redis')}@127.0.0.1:{self.port}/0"

    def _settings(self) -> str:
        """Password and all in a private file: arguments of a process are readable by everybody."""
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"databases {DATABASES}",
            f"requirepass {password(self.place, 'redis')}",
            f"appendonly {'no' if self.throwaway else 'yes'}",
            'save ""',
            "dir ./",
            "daemonize no",
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
