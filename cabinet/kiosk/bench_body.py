"""What the technician's bench may be sent. Alone knows: the bodies of its POSTs. Must not know: what is done with them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cabinet.kiosk.body import Body, Id

Sentence = Annotated[str, StringConstraints(max_length=400)]


class LightBody(Body):
    """For how many seconds a light burns."""

    for_s: float = Field(default=5, gt=0, le=30)


class AddressBody(Body):
    """A board's present address, and the one that it is to have. 0 is everybody, and nobody is asked by it."""

    source: int = Field(ge=1, le=247)
    target: int = Field(ge=1, le=247)


class ChannelBody(Body):
    """What a walk found of one channel."""

    channel: Annotated[str, StringConstraints(max_length=80)]
    part: Literal["board", "lock", "bin", "light", "scale"]
    place: Annotated[str, StringConstraints(max_length=200)]
    verdict: Literal["passed", "failed", "skipped"]
    code: Annotated[str, StringConstraints(max_length=64)] = ""
    detail: Sentence = ""


class ResultBody(Body):
    """A walk through the cabinet; `scope` names a board where only its channels were walked."""

    scope: Id | Literal[""] = ""
    is_unattended: bool = False
    channels: tuple[ChannelBody, ...] = Field(min_length=1, max_length=2000)
