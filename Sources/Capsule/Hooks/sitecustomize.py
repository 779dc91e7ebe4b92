"""Stormtape's language hook: what Python draws from the system comes from the run's seed.

It stands in where the preload library is refused. Time stays real, and C extensions that ask the
kernel themselves are out of reach.
"""

import hashlib
import importlib.machinery
import importlib.util
import os
import random
import subprocess
import sys

_VARIABLE = "STORMTAPE_HOOK"


class _Entropy:
    """A stream of bytes keyed by the seed and by the births that led to this process."""

    def __init__(self, key):
        self.key, self.count, self.children = key, 0, 0

    def draw(self, size):
        self.count += 1
        text = f"stormtape hook 1 {self.key} {self.count}"
        return hashlib.shake_256(text.encode()).digest(size)

    def next_child(self):
        self.children += 1
        return f"{self.key}.{self.children}"


def _install(entropy):
    system_seed, start = random.Random.seed, subprocess.Popen.__init__
    next_birth = [entropy.key]

    def seed(self, a=None, version=2):
        if a is None and type(self) is not random.SystemRandom:
            a = int.from_bytes(entropy.draw(32), "big")
        return system_seed(self, a, version)

    def popen(self, *arguments, env=None, **options):
        env = dict(os.environ if env is None else env)
        env[_VARIABLE] = entropy.next_child()
        start(self, *arguments, env=env, **options)

    def before_fork():
        next_birth[0] = entropy.next_child()

    def after_fork():
        entropy.__init__(next_birth[0])
        random._inst.seed()

    os.urandom = random._urandom = lambda size: entropy.draw(size)
    if hasattr(os, "getrandom"):
        os.getrandom = lambda size, flags=0: entropy.draw(size)
    random.Random.seed = seed
    # The module's own functions are bound already.
    random.seed = random._inst.seed
    random.seed()
    subprocess.Popen.__init__ = popen
    os.register_at_fork(before=before_fork, after_in_child=after_fork)


def _run_the_one_behind():
    """The agent may have a sitecustomize of its own."""
    here = os.path.dirname(os.path.abspath(__file__))
    paths = [path for path in sys.path if os.path.abspath(path or ".") != here]
    found = importlib.machinery.PathFinder.find_spec("sitecustomize", paths)
    if found and found.loader:
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)


if os.environ.get(_VARIABLE):
    _install(_Entropy(os.environ[_VARIABLE]))
_run_the_one_behind()
