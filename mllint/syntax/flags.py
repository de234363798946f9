"""Which flags each instruction takes, and which values Docker's parser accepts for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from mllint.syntax.nodes import Flag
from mllint.syntax.problems import Report, nearest


class Kind(Enum):
    """How often a flag is given, and with what."""

    VALUE = "once, with a value"
    VALUES = "any number of times, with a value"
    SWITCH = "once, with true, false or nothing"


#: BuildKit's `instructions` package. ARG and STOPSIGNAL are not here: Docker does not look at their flags.
FLAGS: dict[str, dict[str, Kind]] = {
    "ADD": {
        "chown": Kind.VALUE,
        "chmod": Kind.VALUE,
        "link": Kind.SWITCH,
        "keep-git-dir": Kind.SWITCH,
        "checksum": Kind.VALUE,
        "unpack": Kind.SWITCH,
        "exclude": Kind.VALUES,
    },
    "COPY": {
        "from": Kind.VALUE,
        "chown": Kind.VALUE,
        "chmod": Kind.VALUE,
        "link": Kind.SWITCH,
        "parents": Kind.SWITCH,
        "exclude": Kind.VALUES,
    },
    "FROM": {"platform": Kind.VALUE},
    "HEALTHCHECK": {
        "interval": Kind.VALUE,
        "timeout": Kind.VALUE,
        "start-period": Kind.VALUE,
        "start-interval": Kind.VALUE,
        "retries": Kind.VALUE,
    },
    "RUN": {"mount": Kind.VALUES, "network": Kind.VALUE, "security": Kind.VALUE, "device": Kind.VALUES},
    "CMD": {},
    "ENTRYPOINT": {},
    "ENV": {},
    "EXPOSE": {},
    "LABEL": {},
    "MAINTAINER": {},
    "ONBUILD": {},
    "SHELL": {},
    "USER": {},
    "VOLUME": {},
    "WORKDIR": {},
}

_NETWORKS = ("default", "none", "host")
_SECURITIES = ("sandbox", "insecure")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_AMOUNT = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = re.compile(rf"[+-]?(?:0|(?:{_AMOUNT.pattern})+)")
_FIELDS = re.compile(r'(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))*')


def check_flags(keyword: str, flags: tuple[Flag, ...], report: Report) -> None:
    """Report the flags that Docker refuses."""
    known = FLAGS.get(keyword)
    if known is None:
        return
    seen = set()
    for flag in flags:
        kind = known.get(flag.name)
        fault = _unknown(keyword, flag.name) if kind is None else _fault(flag, kind)
        if fault is None and kind is not Kind.VALUES and flag.name in seen:
            fault = f"--{flag.name} is given twice, and Docker takes it once"
        if fault is not None:
            report.add(flag.span, fault)
        seen.add(flag.name)


def _unknown(keyword: str, name: str) -> str:
    known = FLAGS[keyword]
    if not known:
        return f"{keyword} takes no flags, and --{name} is one to Docker"
    like = nearest(name, tuple(known))
    hint = f"did you mean --{like}?" if like else f"it takes {', '.join(f'--{flag}' for flag in known)}"
    return f"{keyword} has no flag --{name}; {hint}"


def _fault(flag: Flag, kind: Kind) -> str | None:
    """What is wrong with a flag's value."""
    if kind is Kind.SWITCH:
        if flag.value is None or flag.value.value.lower() in ("true", "false"):
            return None
        return f"--{flag.name} is true or false, not {flag.value.value!r}"
    if flag.value is None:
        return f"--{flag.name} has no value: Docker expects --{flag.name}=…"
    check = _VALUES.get(flag.name)
    return check(flag.name, flag.value.value) if check is not None else None


def _network(name: str, value: str) -> str | None:
    return None if value in _NETWORKS else f"--{name} is {', '.join(_NETWORKS[:-1])} or {_NETWORKS[-1]}, not {value!r}"


def _security(name: str, value: str) -> str | None:
    return None if value in _SECURITIES else f"--{name} is {' or '.join(_SECURITIES)}, not {value!r}"


def _duration(name: str, value: str) -> str | None:
    if not value:
        return None
    if not _DURATION.fullmatch(value):
        return f"--{name} is a duration such as 30s or 1m30s, not {value!r}; Docker puts no variables into it"
    seconds = sum(float(amount) * _SECONDS[unit] for amount, unit in _AMOUNT.findall(value))
    if value.startswith("-"):
        seconds = -seconds
    return f"--{name} is shorter than 1ms, which Docker refuses" if seconds and seconds < 1e-3 else None


def _retries(name: str, value: str) -> str | None:
    if not value or (re.fullmatch(r"\+?[0-9]+|-0+", value) and len(value) < 20 and int(value) < 2**31):
        return None
    return f"--{name} is a number from 0 on, not {value!r}; Docker puts no variables into it"


def _mount(name: str, value: str) -> str | None:
    if not _FIELDS.fullmatch(value):
        return f"--{name} has a quote where Docker expects none"
    for field in value.split(","):
        key, equals, source = field.partition("=")
        if equals and key.lower() == "from" and "$" in source[:-1]:
            return f"Docker puts no variables into from= of --{name}; name a stage for it: FROM {source} AS …"
    return None


def _device(name: str, value: str) -> str | None:
    if not _FIELDS.fullmatch(value):
        return f"--{name} has a quote where Docker expects none"
    device = ""
    for field in value.split(","):
        key, equals, setting = field.partition("=")
        key = key.lower()
        if key == "required":
            if equals and setting not in (
                "1",
                "t",
                "T",
                "TRUE",
                "true",
                "True",
                "0",
                "f",
                "F",
                "FALSE",
                "false",
                "False",
            ):
                return f"required of --{name} is true or false, not {setting!r}"
        elif device:
            return f"--{name} takes one device and required, and Docker refuses {field!r}"
        else:
            device = setting if equals and key == "name" else field
    return None


_VALUES: dict[str, Callable[[str, str], str | None]] = {
    "network": _network,
    "security": _security,
    "interval": _duration,
    "timeout": _duration,
    "start-period": _duration,
    "start-interval": _duration,
    "retries": _retries,
    "mount": _mount,
    "device": _device,
}
