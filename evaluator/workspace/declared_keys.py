"""What the models declare for a place in a file: which keys, which words."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from evaluator.workspace.yaml_positions import Steps


def annotation_at(model: Any, path: Steps) -> Any:
    """The type that the models declare for the value at ``path``; ``None`` if they declare none."""
    current: Any = model
    for step in path:
        current = next((found for part in _parts(current) if (found := _inside(part, step)) is not None), None)
    return current


def _parts(annotation: Any) -> Iterator[Any]:
    """The alternatives of a type, without its decoration."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif origin is Union or origin is types.UnionType:
        for part in get_args(annotation):
            yield from _parts(part)
    elif annotation is not None:
        yield annotation


def _inside(part: Any, step: str | int) -> Any:
    if isinstance(part, type) and issubclass(part, BaseModel):
        return next(
            (field.annotation for name, field in part.model_fields.items() if (field.alias or name) == step), None
        )
    arguments = get_args(part)
    if get_origin(part) is dict:
        return arguments[1]
    return arguments[0] if get_origin(part) is tuple and isinstance(step, int) else None


def known_keys(annotation: Any) -> list[str]:
    """The keys of the mapping that ``annotation`` declares, if it declares one."""
    return [
        field.alias or name
        for part in _parts(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
        for name, field in part.model_fields.items()
    ]


def allowed_words(annotation: Any) -> str:
    """For a missing key with few possible words: those words; nothing where other values are possible too."""
    parts = list(_parts(annotation))
    words = [str(word) for part in parts if get_origin(part) is Literal for word in get_args(part)]
    is_closed = all(get_origin(part) is Literal or part is type(None) for part in parts)
    return f"one of: {', '.join(words)}" if words and is_closed else ""
