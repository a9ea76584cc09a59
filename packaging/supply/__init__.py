"""What the packaged program is made of: every file and its component, licences, CycloneDX (docs/parts.md)."""
