"""Libraries and fonts that the PDF maker needs from the machine (Pango); see bin/native for how they get there."""

from __future__ import annotations

import os

from config.launcher.places import PROJECT, var_folder

FONTS = PROJECT / "config" / "fonts.conf"


def library_environment() -> dict[str, str]:
    """Where to find unpacked libraries (when bin/native had to unpack them without root) and our fonts.

    With no font known to fontconfig Pango crashes, so the product always brings its own fonts.conf.
    """
    environment = {"FONTCONFIG_FILE": os.environ.get("FONTCONFIG_FILE", str(FONTS))}
    unpacked = var_folder() / "lib"
    folders = sorted({str(path.parent) for path in unpacked.rglob("*.so.*")}) if unpacked.is_dir() else []
    if folders:
        present = os.environ.get("LD_LIBRARY_PATH", "")
        environment["LD_LIBRARY_PATH"] = ":".join([*folders, *filter(None, [present])])
    return environment
