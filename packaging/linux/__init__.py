"""The Linux forms of a built program tree: `.deb`, portable `.tar.zst`, and their checks (README.md beside this)."""
