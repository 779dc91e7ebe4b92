"""Whether nothing would happen if the objects of a program that ends were not collected.

The preload library asks it in a copy of a template, after the functions of `atexit`. What may happen
is a finalizer that does more than to give back what the kernel takes back anyway, a weak reference
that calls somebody, or a warning. What is not known to be harmless is not.

Of objects it asks only what no class of the program answers.
"""

import gc
import io
import sys

_members = type.__dict__["__dict__"].__get__
_ancestors = type.__dict__["__mro__"].__get__


def _found(module, name):
    return sys.modules[module].__dict__.get(name) if module in sys.modules else None


_socket = _found("_socket", "socket")
_file = _found("_io", "_IOBase")
_reference = _found("_weakref", "ReferenceType")
_proxies = (_found("_weakref", "ProxyType"), _found("_weakref", "CallableProxyType"))
_callback = _members(_reference)["__callback__"].__get__


def _is_fine(_):
    return True


def _is_unknown(_):
    return False


def _calls_nobody(reference):
    """Or somebody who only forgets the object: a registry of the standard library."""
    called = _callback(reference)
    if called is None:
        return True
    if type(called) is type(len):
        return called.__name__ in ("_destroy", "_localdummy_destroyed", "clear_locals")
    return type(called) is type(_found) and (called.__module__, called.__name__) in (
        ("weakref", "remove"), ("_weakrefset", "_remove"), ("logging", "_removeHandlerRef"))


def _has_no_call(proxy):
    return not gc.get_referents(proxy)


_reads = (io.FileIO, io.BufferedReader, io.BytesIO, io.StringIO,
          _found("socket", "SocketIO"), _found("http.client", "HTTPResponse"))
# The interpreter has flushed these; what they stand in for it has not.
_standard = [each for each in (sys.stdin, sys.stdout, sys.stderr)
             if type(each) is io.TextIOWrapper]
_standard = [id(each) for each in _standard + [each.buffer for each in _standard]]


def _is_written(file):
    """Nothing waits in it to be written to its descriptor."""
    if type(file) in _reads or id(file) in _standard:
        return True
    if type(file) is io.TextIOWrapper:
        file = file.buffer
        if type(file) in (io.BufferedReader, io.BytesIO):
            return True
    return (type(file) in (io.BufferedWriter, io.BufferedRandom)
            and type(file.raw) is io.FileIO and file.closed)


def _is_silent(future):
    return not future._log_traceback and (
        type(future).__name__ == "Future" or future.done())


def _is_over(generator):
    """It has ended, or what it would still do is to close connections."""
    for name in ("gi_frame", "cr_frame", "ag_frame"):
        if hasattr(generator, name):
            frame = getattr(generator, name)
            return frame is None or name == "gi_frame" and _package(frame) in _clients
    return False


def _package(frame):
    return frame.f_globals.get("__name__", "").partition(".")[0]


_clients = ("openai", "anthropic", "httpx", "httpx2", "httpcore", "httpcore2", "h11")


def _closes_sockets(client):
    usual = [type(None)] + [
        _found(package, name) for package in ("httpx", "httpx2")
        for name in ("HTTPTransport", "AsyncHTTPTransport")]
    return all([type(each) in usual
                for each in [client._transport, *client._mounts.values()]])


# What the finalizer of exactly this class does nothing for; one of a subclass may do more.
_known = {
    ("_asyncio", "Future"): _is_silent,
    ("_asyncio", "Task"): _is_silent,
    ("types", "GeneratorType"): _is_over,
    ("types", "CoroutineType"): _is_over,
    ("types", "AsyncGeneratorType"): _is_over,
    ("asyncio.unix_events", "_UnixSelectorEventLoop"): _is_fine,
    ("asyncio.selector_events", "_SelectorSocketTransport"): _is_fine,
    ("asyncio.streams", "StreamWriter"): _is_fine,
    ("subprocess", "Popen"): _is_fine,
    ("openai._base_client", "SyncHttpxClientWrapper"): _closes_sockets,
    ("openai._base_client", "AsyncHttpxClientWrapper"): _closes_sockets,
    ("anthropic._base_client", "SyncHttpxClientWrapper"): _closes_sockets,
    ("anthropic._base_client", "AsyncHttpxClientWrapper"): _closes_sockets,
}
_known = {id(_found(*name)): test for name, test in _known.items() if _found(*name)}


def _closes(kind):
    """A class whose objects the collector does not know, when they do nothing either."""
    finalizer = _members(kind).get("__del__")
    # That of a folder that is read, for one, which closes it.
    return finalizer is None or (
        type(finalizer) is type(object.__init__) and _members(kind).get("__module__") == "posix")


def _test_of(kind):
    """What to ask an object of this type; None when nothing happens with it."""
    for ancestor in _ancestors(kind):
        if "__del__" in _members(ancestor):
            # These are the interpreter's own, and the same for subclasses.
            if ancestor is _socket:
                return _is_fine
            return _is_written if ancestor is _file else _known.get(id(kind), _is_unknown)
    if type in _ancestors(kind):
        return _closes
    if _reference in _ancestors(kind):
        return _calls_nobody
    return _has_no_call if kind in _proxies else None


def _is_told_of_resources():
    """What was not closed would be said on standard error."""
    warnings = sys.modules.get("warnings") or sys.modules["_warnings"]
    for action, message, category, module, _ in warnings.filters:
        if issubclass(ResourceWarning, category):
            if action != "ignore":
                return True
            if message is None and module is None:
                return False
    return True


def _is_logged():
    """Clients and loops say in their logs that they close."""
    logging = sys.modules.get("logging")
    return logging is not None and any([
        logging.getLogger(name).isEnabledFor(logging.DEBUG)
        for name in ("asyncio",) + _clients])


def pause():
    was_enabled = gc.isenabled()
    gc.disable()
    return was_enabled


def resume(was_enabled):
    if was_enabled:
        gc.enable()


def is_unwatched():
    """Whether nobody looks at the collector, or at what was not closed.

    The library has asked who looks at whatever runs. What a program froze is in no list; some
    interpreters begin with a few hundred objects there.
    """
    return not (
        gc.get_debug() or gc.garbage or gc.get_freeze_count() > 1000
        or sys.flags.dev_mode or sys.flags.verbose
        or "PYTHONMALLOCSTATS" in _found("os", "environ")
        or _is_told_of_resources() or _is_logged())


def sort_out(kinds):
    """A byte for each type: `q` where its objects have to be asked, `c` where they are classes."""
    tests = [_test_of(kind) for kind in kinds]
    return b"".join([b"." if test is None else b"c" if test is _closes else b"q"
                     for test in tests])


def are_quiet(suspects):
    return all([_test_of(type(each))(each) for each in suspects])


def stay_quiet(suspects):
    """Whether they are quiet, and will be for as long as they live."""
    return are_quiet(suspects) and not [
        each for each in suspects if _test_of(type(each)) is _is_silent]


def age():
    """How often the collector went through all objects; -1 where somebody replaced a stream."""
    same = (sys.stdin is sys.__stdin__ and sys.stdout is sys.__stdout__
            and sys.stderr is sys.__stderr__)
    # From 3.14 on, collections in steps move objects without counting.
    same = same and sys.version_info < (3, 14)
    return gc.get_stats()[2]["collections"] if same else -1


def is_flushed():
    """Nothing waits in the standard streams: the interpreter has flushed them, and once more here.

    Where that fails the program ends with another status.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except BaseException:
        return False
    return True


def objects():
    return gc.get_objects()


def pass_over():
    """Has the collector see nothing, and nothing taken apart; the caller keeps what it returns."""
    gc.freeze()
    modules = dict(sys.modules)
    for name in modules:
        if name not in ("sys", "builtins"):
            del sys.modules[name]
    return modules
