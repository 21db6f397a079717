"""The C reference compiles without a word, is as small as promised, and touches no memory that is not its own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.firmware.c_library import ARM_GCC, GCC, REFERENCE, STRICT, compile_c, needs_arm_gcc, needs_gcc

SOURCE = str(REFERENCE / "oml.c")
#: What a microcontroller's build adds: no library at all, smallest code.
EMBEDDED = ("-ffreestanding", "-Os", "-c")
#: From the smallest (whose instruction set needs the most bytes) to that of an nRF52 (M4) and an nRF53 (M33).
CORES = ("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m33")
CODE_MAX = 1024


def code_size(path: Path, size: str = "size") -> int:
    """Return the bytes of code and constants of an object file; those that only unwinding needs do not count."""
    done = subprocess.run([size, "-A", str(path)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return sum(int(row[1]) for row in rows if row and row[0].startswith((".text", ".rodata")))


@needs_gcc
@pytest.mark.parametrize("optimised", ["-O0", "-O1", "-O2", "-O3", "-Os"])
def test_it_compiles_without_a_warning(optimised: str, tmp_path: Path) -> None:
    for freestanding in ("-ffreestanding", "-fhosted"):
        compile_c(tmp_path / "oml.o", *STRICT, freestanding, optimised, "-c", SOURCE)


@needs_gcc
def test_the_header_is_enough_for_itself(tmp_path: Path) -> None:
    source = tmp_path / "alone.c"
    source.write_text('#include "oml.h"\n#include "oml.h"\nint main(void) { return 0; }\n', encoding="utf-8")
    compile_c(tmp_path / "alone.o", *STRICT, "-ffreestanding", f"-I{REFERENCE}", "-c", str(source))


@needs_gcc
def test_it_stays_in_its_memory_and_within_the_language(tmp_path: Path) -> None:
    sanitizers = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-O1", "-g")
    hostile = str(Path(__file__).with_name("hostile.c"))
    program = compile_c(tmp_path / "hostile", *STRICT, *sanitizers, f"-I{REFERENCE}", hostile, SOURCE)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@needs_arm_gcc
@pytest.mark.parametrize("core", CORES)
def test_it_is_under_a_kibibyte_and_calls_nothing(
    core: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = compile_c(tmp_path / "oml.o", *STRICT, *EMBEDDED, "-mthumb", f"-mcpu={core}", SOURCE, compiler=ARM_GCC)
    n_bytes = code_size(path, "arm-none-eabi-size")
    record_property("code_bytes", n_bytes)
    print(f"{core}: {n_bytes} bytes")
    assert n_bytes < CODE_MAX
    undefined = subprocess.run(["arm-none-eabi-nm", "-u", str(path)], capture_output=True, text=True, check=True)
    assert undefined.stdout == "", "it calls something outside itself"


@needs_gcc
def test_it_keeps_nothing_between_calls(tmp_path: Path) -> None:
    """No variable of its own, so that an interrupt may call it while the main loop does; prints the size here too."""
    path = compile_c(tmp_path / "oml.o", *STRICT, *EMBEDDED, SOURCE)
    done = subprocess.run(["size", "-A", str(path)], capture_output=True, text=True, check=True)
    rows = {
        row[0]: int(row[1]) for row in map(str.split, done.stdout.splitlines()) if len(row) == 3 and row[1].isdigit()
    }
    print(f"{GCC}: {code_size(path)} bytes")
    assert (rows[".data"], rows[".bss"]) == (0, 0)
