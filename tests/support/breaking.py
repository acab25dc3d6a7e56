"""What would break a client: differences of two OpenAPI documents that are not additions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

Json = Mapping[str, Any]
Way = Literal["in", "out"]

_CODES = re.compile(r"`([a-z_]+\.[a-z_]+)`")
_LOWER_IS_NARROWER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_HIGHER_IS_NARROWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


def breaking_changes(old: Json, new: Json) -> list[str]:
    """Name every break, in sentences; an empty list means that only something was added."""
    return list(_operations(old, new))


def _operations(old: Json, new: Json) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, was in methods.items():
            now = new["paths"].get(path, {}).get(method)
            where = f"{method.upper()} {path}"
            if now is None:
                yield f"{where}: the operation is gone"
            else:
                yield from _operation(where, _Pair(old, new), was, now)


class _Pair:
    """Two documents, to follow references in."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old = old
        self._new = new

    def resolved(self, was: Json, now: Json) -> tuple[Json, Json]:
        return _resolve(self._old, was), _resolve(self._new, now)

    def parameters(self, was: Json, now: Json) -> Iterator[dict[tuple[str, str], Json]]:
        """Give the parameters of both operations, by place and name."""
        for document, operation in ((self._old, was), (self._new, now)):
            some = (_resolve(document, each) for each in operation.get("parameters", ()))
            yield {(each["in"], each["name"]): each for each in some}


def _resolve(document: Json, part: Json) -> Json:
    while "$ref" in part:
        _, _, kind, name = part["$ref"].split("/")
        part = document["components"][kind][name]
    return part


def _operation(where: str, pair: _Pair, was: Json, now: Json) -> Iterator[str]:
    if was.get("operationId") != now.get("operationId"):
        yield f"{where}: the operationId {was.get('operationId')} became {now.get('operationId')}"
    yield from _parameters(where, pair, was, now)
    yield from _request(where, pair, was, now)
    for status, answer in was["responses"].items():
        if status not in now["responses"]:
            yield f"{where}: the answer {status} is gone"
        else:
            yield from _answer(f"{where} {status}", pair, answer, now["responses"][status])


def _parameters(where: str, pair: _Pair, was: Json, now: Json) -> Iterator[str]:
    old, new = pair.parameters(was, now)
    for key, parameter in new.items():
        place = f"{where} parameter {key[1]}"
        before = old.get(key)
        if parameter.get("required") and not (before and before.get("required")):
            yield f"{place}: is required now"
        if before:
            yield from _schema(place, pair, before["schema"], parameter["schema"], "in")
    for key in old.keys() - new.keys():
        yield f"{where} parameter {key[1]}: is gone"


def _request(where: str, pair: _Pair, was: Json, now: Json) -> Iterator[str]:
    before, after = pair.resolved(was.get("requestBody", {}), now.get("requestBody", {}))
    if after and after.get("required") and not (before and before.get("required")):
        yield f"{where}: a body is required now"
    if not before:
        return
    if not after:
        yield f"{where}: takes no body any more"
        return
    for media_type, content in before["content"].items():
        if media_type not in after["content"]:
            yield f"{where}: takes no {media_type} any more"
        else:
            now_content = after["content"][media_type]
            yield from _schema(where, pair, content["schema"], now_content["schema"], "in")


def _answer(where: str, pair: _Pair, was: Json, now: Json) -> Iterator[str]:
    was, now = pair.resolved(was, now)
    for code in _codes(was) - _codes(now):
        yield f"{where}: the error code {code} is gone"
    for header in was.get("headers", {}).keys() - now.get("headers", {}).keys():
        yield f"{where}: the header {header} is gone"
    for media_type, content in was.get("content", {}).items():
        if media_type not in now.get("content", {}):
            yield f"{where}: is no {media_type} any more"
        elif "schema" in content:
            schema = now["content"][media_type]["schema"]
            yield from _schema(where, pair, content["schema"], schema, "out")


def _codes(answer: Json) -> set[str]:
    return set(_CODES.findall(answer.get("description", "")))


def _schema(
    where: str, pair: _Pair, was: Json, now: Json, way: Way, seen: tuple[int, ...] = ()
) -> Iterator[str]:
    was, now = pair.resolved(was, now)
    if id(was) in seen:
        return
    seen = (*seen, id(was))
    yield from _types(where, was, now, way)
    yield from _choices(where, was, now, way)
    yield from _bounds(where, was, now, way)
    yield from _properties(where, pair, was, now, way, seen)
    if "items" in was and "items" in now:
        yield from _schema(f"{where}[]", pair, was["items"], now["items"], way, seen)
    yield from _branches(where, pair, was, now, way, seen)


def _types(where: str, was: Json, now: Json, way: Way) -> Iterator[str]:
    before, after = _type_set(was), _type_set(now)
    lost, gained = before - after, after - before
    if way == "in" and lost:
        yield f"{where}: takes no {', '.join(sorted(lost))} any more"
    if way == "out" and before and gained:
        yield f"{where}: may be {', '.join(sorted(gained))} now"
    if before and not after and way == "out":
        yield f"{where}: has no type any more"


def _type_set(schema: Json) -> set[str]:
    kinds = schema.get("type", [])
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _choices(where: str, was: Json, now: Json, way: Way) -> Iterator[str]:
    before, after = _choice_set(was), _choice_set(now)
    if way == "in" and after is not None:
        lost = (before or set()) - after if before is not None else {"other values"}
        if lost:
            yield f"{where}: takes no {', '.join(sorted(map(str, lost)))} any more"
    if way == "out" and before is not None:
        gained = (after or {"other values"}) - before
        if gained:
            yield f"{where}: may be {', '.join(sorted(map(str, gained)))} now"


def _choice_set(schema: Json) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None


def _bounds(where: str, was: Json, now: Json, way: Way) -> Iterator[str]:
    if way == "out":
        return
    for name in _LOWER_IS_NARROWER:
        if name in now and (name not in was or now[name] < was[name]):
            yield f"{where}: {name} went from {was.get(name, 'none')} to {now[name]}"
    for name in _HIGHER_IS_NARROWER:
        if name in now and (name not in was or now[name] > was[name]):
            yield f"{where}: {name} went from {was.get(name, 'none')} to {now[name]}"
    if "pattern" in now and was.get("pattern") != now["pattern"]:
        yield f"{where}: the pattern changed"


def _properties(
    where: str, pair: _Pair, was: Json, now: Json, way: Way, seen: tuple[int, ...]
) -> Iterator[str]:
    old, new = was.get("properties", {}), now.get("properties", {})
    for name in old.keys() - new.keys():
        yield f"{where}.{name}: is gone"
    required, still = set(was.get("required", ())), set(now.get("required", ()))
    if way == "in":
        for name in still - required:
            yield f"{where}.{name}: is required now"
    else:
        for name in (required - still) & new.keys():
            yield f"{where}.{name}: may be missing now"
    for name in old.keys() & new.keys():
        yield from _schema(f"{where}.{name}", pair, old[name], new[name], way, seen)


def _branches(
    where: str, pair: _Pair, was: Json, now: Json, way: Way, seen: tuple[int, ...]
) -> Iterator[str]:
    for word in ("anyOf", "oneOf"):
        old, new = was.get(word, ()), now.get(word, ())
        if way == "in" and len(new) < len(old):
            yield f"{where}: takes fewer kinds of values"
        if way == "out" and old and len(new) > len(old):
            yield f"{where}: gives more kinds of values"
        for number, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from _schema(f"{where}<{number}>", pair, one, other, way, seen)


def broken_promises(old: Json, new: Json) -> list[str]:
    """Name what was promised beside the API document and does not hold any more, in sentences."""
    return [*_names_gone(old, new), *_limits_fallen(old["limits"], new["limits"])]


def _names_gone(old: Json, new: Json) -> Iterator[str]:
    for kind in ("changeTypes", "auditActions", "webhookHeaders", "reservedKeys"):
        for name in sorted(set(old[kind]) - set(new[kind])):
            yield f"{kind}: {name} is gone"
    for code, status in old["errorCodes"].items():
        now = new["errorCodes"].get(code)
        if now != status:
            yield f"errorCodes: {code} was a {status} and is {now or 'gone'}"


def _limits_fallen(old: Json, new: Json) -> Iterator[str]:
    for name, was in old.items():
        now = new.get(name)
        if now is None:
            yield f"limits: {name} is gone"
            continue
        for what in was:
            if now[what] < was[what]:
                yield f"limits: {name} {what} fell from {was[what]} to {now[what]}"
