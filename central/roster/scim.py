"""SCIM 2.0 users (RFC 7643, RFC 7644) as identity providers really send them: a resource, changed by patches, and what it says of a person.

Alone knows: SCIM's attributes, paths and filters as far as provisioning needs them. Must not know: HTTP, the staff list.

Entra sends `active` as the text "False", operations in capitals, and paths such as `roles[primary eq "True"].value`; Okta sends patches
without a path. Both are taken.
"""

import re
from typing import Any

from central.roster.line import Said

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FILTER = re.compile(r'^\s*(userName|externalId|id)\s+eq\s+"([^"]*)"\s*$', re.IGNORECASE)
PATH = re.compile(r'^(?P<list>\w+)\[(?P<by>\w+)\s+eq\s+"?(?P<is>[^"\]]*)"?\](?:\.(?P<part>\w+))?$', re.IGNORECASE)
LARGEST = 100

Resource = dict[str, Any]


class NotScim(ValueError):
    """What was sent is no user, no patch or no filter that is understood; `kind` is SCIM's word for it."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def wanted(filter_text: str) -> tuple[str, str]:
    """Which attribute is asked to be what. Raises NotScim."""
    found = FILTER.match(filter_text)
    if found is None:
        raise NotScim("invalidFilter", 'Only userName eq "...", externalId eq "..." and id eq "..." are understood.')
    return {"username": "userName", "externalid": "externalId", "id": "id"}[found[1].lower()], found[2]


def patched(resource: Resource, patch: Any) -> Resource:
    """A resource after a patch. Raises NotScim."""
    operations = patch.get("Operations") if isinstance(patch, dict) else None
    if not isinstance(operations, list) or not 0 < len(operations) <= LARGEST:
        raise NotScim("invalidSyntax", "A patch has Operations.")
    made = {key: _copied(value) for key, value in resource.items()}
    for operation in operations:
        if not isinstance(operation, dict):
            raise NotScim("invalidSyntax", "An operation is an object.")
        op, path, value = str(operation.get("op", "")).lower(), operation.get("path"), operation.get("value")
        if op not in {"add", "replace", "remove"}:
            raise NotScim("invalidSyntax", "op is add, replace or remove.")
        if path:
            _put(made, str(path), None if op == "remove" else value)
        elif isinstance(value, dict):
            for key, part in value.items():
                _put(made, key, part)
        else:
            raise NotScim("noTarget", "Without a path the value is an object.")
    return made


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


def _put(resource: Resource, path: str, value: Any) -> None:
    if path.lower().startswith(ENTERPRISE.lower()):
        part = path[len(ENTERPRISE) :].lstrip(":.")
        inner = resource.setdefault(ENTERPRISE, {})
        if part:
            _set(inner, part, value)
        elif isinstance(value, dict):
            inner.update(value)
        return
    found = PATH.match(path)
    if found is not None:
        _put_in_list(resource, found, value)
    elif "." in path:
        outer, _, part = path.partition(".")
        inner = resource.setdefault(outer, {})
        if not isinstance(inner, dict):
            raise NotScim("invalidPath", f"{outer} has no parts.")
        _set(inner, part, value)
    else:
        _set(resource, path, value)


def _set(resource: Resource, key: str, value: Any) -> None:
    known = next((name for name in resource if name.lower() == key.lower()), key)
    if value is None:
        resource.pop(known, None)
    else:
        resource[known] = value


def _put_in_list(resource: Resource, found: "re.Match[str]", value: Any) -> None:
    rows = resource.setdefault(found["list"], [])
    if not isinstance(rows, list):
        raise NotScim("invalidPath", f"{found['list']} is no list.")
    row = next((one for one in rows if isinstance(one, dict) and str(one.get(found["by"])).lower() == found["is"].lower()), None)
    if value is None:
        if row is not None:
            rows.remove(row)
        return
    if row is None:
        row = {found["by"]: found["is"]}
        rows.append(row)
    if found["part"]:
        row[found["part"]] = value
    elif isinstance(value, dict):
        row.update(value)


def said_of(resource: Resource) -> Said:
    """What a resource says of a person. Raises NotScim."""
    user_name = resource.get("userName")
    if not isinstance(user_name, str) or not user_name.strip():
        raise NotScim("invalidValue", "userName is missing.")
    enterprise = resource.get(ENTERPRISE) if isinstance(resource.get(ENTERPRISE), dict) else {}
    area = (enterprise or {}).get("department")
    return Said(user_name, _name(resource) or user_name, _roles(resource), (str(area),) if area else (), is_active=_is_active(resource))


def _name(resource: Resource) -> str:
    name = resource.get("name") if isinstance(resource.get("name"), dict) else {}
    parts = " ".join(str((name or {}).get(part, "")) for part in ("givenName", "familyName")).strip()
    return str(resource.get("displayName") or (name or {}).get("formatted") or parts)


def _roles(resource: Resource) -> tuple[str, ...]:
    """Its roles, the primary one first, then what else may say what somebody is."""
    rows = resource.get("roles")
    listed = [row if isinstance(row, dict) else {"value": row} for row in rows] if isinstance(rows, list) else []
    listed.sort(key=lambda row: str(row.get("primary")).lower() != "true")
    words = [str(row.get(part) or "") for row in listed for part in ("value", "display")]
    return tuple(word for word in (*words, str(resource.get("userType") or ""), str(resource.get("title") or "")) if word)


def _is_active(resource: Resource) -> bool:
    said = str(resource.get("active", True)).lower()
    if said not in {"true", "false"}:
        raise NotScim("invalidValue", "active is true or false.")
    return said == "true"
