"""What one setting is: its default, unit and bounds, and how a text from a flag or a variable is read."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from trialgraph.base.errors import InputError

__all__ = ["Setting", "Value", "setting"]

# Beyond any machine, and within what clocks and kernels count.
_MOST: Final = 10**15

Value = int | float | str
T = TypeVar("T", int, float, str)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default, its unit and what it bounds.

    :param verbs: the commands that take it as a flag
    :param choices: the words that a textual setting may be; none: any
    :param zero: whether 0 is a value
    :param many: several values: separated by spaces in the variable, one flag for each
    :param formerly: a name that it had before; its variable and flag still work, with a warning
    """

    name: str
    default: Value
    unit: str
    help: str
    verbs: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    zero: bool = False
    many: bool = False
    formerly: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that overrides the default."""
        return _variable(self.name)

    @property
    def flag(self) -> str:
        """The option of the commands in ``verbs`` that overrides the variable."""
        return _flag(self.name)

    @property
    def former_flag(self) -> str:
        """The option under its former name; empty where it had no other."""
        return _flag(self.formerly) if self.formerly else ""

    def read(self, raw: str, where: str) -> Value:
        """The value that a text stands for.

        :param where: the flag or variable it came from, for the error
        :raises InputError: it is none
        """
        if isinstance(self.default, str):
            if self.choices and raw not in self.choices:
                raise InputError(
                    f"{raw[:60]!r} is not a value of this setting",
                    where=where,
                    hint=f"use one of {', '.join(self.choices)}",
                )
            return raw
        try:
            value = type(self.default)(raw)
        except (ValueError, OverflowError):
            value = type(self.default)(-1)
        if not (0 < value < _MOST or (self.zero and value == 0)) or math.isnan(value):
            raise InputError(
                f"{raw[:60]!r} is not a positive number of {self.unit}",
                where=where,
                hint=f"leave it out or give a number like {self.default}",
            )
        return value

    def from_environment(self, environ: Mapping[str, str]) -> Value:
        """The value that the variable gives; the default where there is none, or an empty text.

        :raises InputError: the variable holds no value of this setting
        """
        variable = self.variable
        if self.formerly and variable not in environ and _variable(self.formerly) in environ:
            variable = _variable(self.formerly)
            log.warning("%s is now called %s; the old name still works", variable, self.variable)
        raw = environ.get(variable)
        if raw is None or (raw == "" and isinstance(self.default, str)):
            return self.default
        return self.read(raw, variable)


def _variable(name: str) -> str:
    return f"TRIALGRAPH_{name.upper()}"


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def setting(
    default: T,
    unit: str,
    help_: str,
    verbs: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
    *,
    zero: bool = False,
    many: bool = False,
    formerly: str = "",
    secret: bool = False,
) -> T:
    """A line of the table: the default of the field, and beside it what :class:`Setting` says of it.

    :param secret: it is not in the text of the settings, which may end up in a log
    """
    about = {"unit": unit, "help": help_, "verbs": verbs, "choices": choices}
    more = {"zero": zero, "many": many, "formerly": formerly}
    return field(default=default, metadata=about | more, repr=not secret)
