"""The setting PERENNIAL_STAGE: whether a number is counted live, read from the log, or both."""

import functools
import inspect
import logging

from django.conf import settings
from django.utils.module_loading import import_string

from perennial.reading.differences import described, differences
from perennial.reading.log import Log, Unavailable

logger = logging.getLogger("perennial.reading")

# In the order of moving over. What each does is in docs/moving-over.md.
STAGES = ("live", "compare", "prefer-log", "log")


def stage():
    """The stage of this site: `live` unless the setting names another one."""
    chosen = getattr(settings, "PERENNIAL_STAGE", "live")
    return chosen if chosen in STAGES else "live"


def staged(live, types, empty):
    """
    Makes a function that reads the log follow the stage, under the signature of the live one.

    `live` is the dotted path of the site's own function. `types` are the contribution types that the number counts:
    until each is complete in the log, `prefer-log` shows the live number. `empty` makes what `log` shows when there is
    no answer and none is known from before. The decorated function takes a Log before the arguments of the live one.
    Only the live function can raise.
    """

    def decorate(read):
        @functools.wraps(read)
        def chosen(*args, **kwargs):
            count = functools.partial(_count, live, *args, **kwargs)
            at = stage()
            if at == "live":
                return count()
            name = _named(read, args, kwargs)
            if at == "compare":
                result = count()
                _compare(name, result, functools.partial(read, Log(), *args, **kwargs))
                return result
            if at == "prefer-log":
                return _prefer(name, functools.partial(read, Log(), *args, **kwargs), types, count)
            return _only(name, functools.partial(read, Log(stale=True), *args, **kwargs), empty)

        chosen.__signature__ = _without_log(read)
        chosen.live = live
        return chosen

    return decorate


def _count(live, *args, **kwargs):
    """Imports the live function only when it is called, because a site at the stage `log` may have removed it."""
    return import_string(live)(*args, **kwargs)


def _compare(name, shown, read):
    try:
        found = differences(shown, read())
    except Exception as failure:
        _say(failure, "%s: not compared, because of %r", name)
        return
    if found:
        logger.warning("%s differs: %s", name, described(found))


def _prefer(name, read, types, count):
    try:
        if Log().is_complete(types):
            return read()
        logger.debug("%s: live, because the log is not complete", name)
    except Exception as failure:
        _say(failure, "%s: live, because of %r", name)
    return count()


def _only(name, read, empty):
    try:
        return read()
    except Exception as failure:
        _say(failure, "%s: nothing to show, because of %r", name)
        return empty()


def _say(failure, text, name):
    """An outage has one line for each failed request, of which there are few. A line for each number would drown them."""
    logger.log(logging.DEBUG if isinstance(failure, Unavailable) else logging.WARNING, text, name, failure)


def _without_log(read):
    signature = inspect.signature(read)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _named(read, args, kwargs):
    """A call by its name: `num_answers(42)`. Rows are named by their keys, so that no name gets into a log file."""
    shown = [_key(value) for value in args] + [f"{name}={_key(value)}" for name, value in kwargs.items()]
    return f"{read.__name__}({', '.join(shown)})"


def _key(value):
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_key, value))}]"
    return str(getattr(value, "pk", value))
