"""Numbered sheets: what is on its way between the vault and this cabinet, or to another one."""
