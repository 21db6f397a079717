"""See that the system libraries Qt links against are there; install the missing ones through apt where that is allowed.

The lists were found by installing one package at a time in a minimal Debian 12: the first five are what importing
QtWidgets needs, the others what its X11 plugin needs. Exits 0 when Qt can run, 1 after printing the one line to type.
With `test` it also installs, where that is allowed, what the tests on a real X server, on a message bus and of the
firmware need; without, those are skipped.
"""

import ctypes
import os
import shutil
import subprocess
import sys

# Library file -> Debian package. Ubuntu 24.04 renamed libglib2.0-0 (t64); apt resolves the old name there.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
}
#: Program -> Debian package: a real window and a reader of its pictures, a real message bus, and firmware that is
#: compiled and run.
TEST_TOOLS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "import": "imagemagick",
    "tesseract": "tesseract-ocr tesseract-ocr-deu",
    "dbus-daemon": "dbus-daemon",
    "pdftotext": "poppler-utils",
    "pg_ctlcluster": "postgresql",
    "gcc": "gcc libc6-dev",
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "qemu-system-arm": "qemu-system-arm",
}


def missing_packages() -> list[str]:
    """List the packages whose library the dynamic linker cannot load."""
    packages: list[str] = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def apt_prefix() -> list[str] | None:
    """Say how apt may be called here without asking anybody; None when it may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: list[str], prefix: list[str]) -> bool:
    """Run apt; True when it says it succeeded."""
    print(f"setup: installing {len(packages)} system packages: {' '.join(packages)}", flush=True)
    environment = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        if subprocess.run([*environment, *step], stdout=subprocess.DEVNULL, check=False).returncode != 0:
            return False
    return True


def main() -> int:
    """Check, install where allowed, check again."""
    linux = sys.platform == "linux"
    packages = missing_packages() if linux else []
    missing = [packages for tool, packages in TEST_TOOLS.items() if linux and shutil.which(tool) is None]
    tools = [package for packages in missing for package in packages.split()]
    wanted = packages + (tools if sys.argv[1:] == ["test"] else [])
    if not wanted:
        return 0
    prefix = apt_prefix()
    if prefix is not None:
        install(wanted, prefix)
    if not missing_packages():
        return 0
    print("setup: Qt cannot run without these system libraries. Type:", file=sys.stderr)
    print(f"  sudo apt-get install -y --no-install-recommends {' '.join(missing_packages())}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
