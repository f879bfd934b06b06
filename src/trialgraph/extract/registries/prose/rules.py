"""The rules that only the prose of registries needs; tables do not know them, so no release of tables states them."""

from __future__ import annotations

from typing import Final

from trialgraph.model.reading import Rule

__all__ = ["ARM_SIZE", "GROUP_SIZE", "ORDERED", "PLACE", "READINGS_OF_PROSE", "RULES_OF_PROSE", "TIME"]

ARM_SIZE: Final = Rule(
    "prose.arm-size",
    "A number of patients that the text of an arm says receive something is the size of that arm.",
    example="30 subjects receive UC-MSCs", gives="30", counter_example="60 patients will be randomized 1:1",
)  # fmt: skip
TIME: Final = Rule(
    "prose.time-frame",
    "A time with its unit in the time frame of an outcome is a time of follow-up; an interval or a time before the "
    "treatment is none.",
    example="Up to 12 months after infusion", gives="12", counter_example="every 3 months",
)  # fmt: skip
ORDERED: Final = Rule(
    "prose.time-point",
    "A unit with the number behind it, or an ordinal number before it, in the time frame of an outcome is a time of "
    "follow-up.",
    example="baseline, week 24", gives="5.52", counter_example="day of surgery",
)  # fmt: skip
PLACE: Final = Rule(
    "prose.route-by-place",
    "Cells that are given into a joint, a vein, a muscle, a disc, the heart muscle or the spinal canal are given by "
    "the route that is named after it.",
    example="injected into the knee joint", gives="intra-articular", counter_example="pain of the knee joint",
)  # fmt: skip
GROUP_SIZE: Final = Rule(
    "prose.group-size",
    "The sizes of all groups that one text states are those of the arms, where there are as many and their sum is the "
    "number of patients.",
    example="control (n=8) and MSC group (n=8)", gives="8|8", counter_example="responders (n=8)",
)  # fmt: skip
#: Names of the readings that only prose makes: of the size of an arm, and of the part of a phase in a title.
READINGS_OF_PROSE: Final = ("arm", "arm_size", "sub_phase")
#: All rules, by id.
RULES_OF_PROSE: Final = {made.id: made for made in (ARM_SIZE, GROUP_SIZE, ORDERED, PLACE, TIME)}
