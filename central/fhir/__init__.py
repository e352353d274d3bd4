"""What cabinets did and hold, as FHIR resources that other systems read."""
