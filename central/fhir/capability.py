"""What can be asked here -> CapabilityStatement.

Alone knows: resources, versions and search parameters that are answered. Must not know: how.
"""

from central.fhir.word import Resource

R4, R5 = "4.0.1", "5.0.0"
SEARCHES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    R4: ("MedicationDispense", (("patient", "reference"), ("location", "reference"), ("whenhandedover", "date"))),
    R5: ("InventoryReport", (("location", "reference"),)),
}
"""By version: the one resource, and its parameters with their types."""


def capability(version: str, published: str) -> Resource:
    """What a version's address answers. `published`: the day of the software's start."""
    name, parameters = SEARCHES[version]
    search = [{"name": one, "type": kind} for one, kind in parameters]
    resource = {"type": name, "interaction": [{"code": "read"}, {"code": "search-type"}], "searchParam": search}
    return {
        "resourceType": "CapabilityStatement", "status": "active", "date": published, "kind": "instance", "fhirVersion": version,
        "format": ["json"], "implementation": {"description": "The pharmacy server of the open dispensing cabinet: read only"},
        "rest": [{"mode": "server", "resource": [resource]}],
    }  # fmt: skip
