"""Sealed files: any size, never cut, never moved, never half."""

import base64
import io
import os

import pytest

from core import vault
from core.vault import Context, Tampered

pytestmark = pytest.mark.usefixtures("keys")

WORKER = Context("recruitment.Worker", "WK-7KQ3XF", version=3)


def sealed_file(content, context=WORKER, note=b"scan.pdf"):
    target = io.BytesIO()
    stream = vault.seal_stream(io.BytesIO(content), target, context=context, note=note)
    return stream, target.getvalue()


def open_file(stored, wrapped_key, context=WORKER):
    target = io.BytesIO()
    note = vault.open_stream(io.BytesIO(stored), target, wrapped_key=wrapped_key, context=context)
    return note, target.getvalue()


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 65_527, 65_528, 65_529, 65_536, 200_000, 1_000_003])
def test_a_file_of_any_size_comes_back(size):
    content = os.urandom(size)

    stream, stored = sealed_file(content)

    assert open_file(stored, stream.wrapped_key) == (b"scan.pdf", content)
    assert (stream.size, stream.stored_size) == (size, len(stored))


def test_stored_files_are_at_most_an_eighth_longer():
    for size in (50_000, 300_000, 1_048_577):
        _, stored = sealed_file(bytes(size))
        assert len(stored) <= size * 1.12 + 2048 + (size // 65_536 + 2) * 17


def test_a_cut_file_is_never_handed_out():
    stream, stored = sealed_file(os.urandom(200_000))

    for length in (*range(0, 1200, 37), 66_000, 131_200, len(stored) - 17, len(stored) - 1):
        target = io.BytesIO(b"before")
        target.seek(6)
        with pytest.raises(Tampered):
            vault.open_stream(io.BytesIO(stored[:length]), target, wrapped_key=stream.wrapped_key, context=WORKER)
        assert target.getvalue() == b"before"


def test_a_changed_reordered_or_longer_file_is_never_handed_out():
    stream, stored = sealed_file(os.urandom(300_000))
    start = 3 + 24 + 4 + int.from_bytes(stored[27:31], "big")
    piece = 65_536 + 17
    swapped = stored[:start] + stored[start + piece : start + 2 * piece] + stored[start : start + piece]
    swapped += stored[start + 2 * piece :]
    changed = stored[:150_000] + bytes([stored[150_000] ^ 1]) + stored[150_001:]

    for bad in (swapped, changed, stored + b"\x00", stored[:27] + b"\xff" + stored[28:], b"PDF" + stored[3:]):
        with pytest.raises(Tampered):
            open_file(bad, stream.wrapped_key)


def test_a_file_moved_to_another_row_does_not_open():
    stream, stored = sealed_file(b"content")

    with pytest.raises(Tampered):
        open_file(stored, stream.wrapped_key, Context("recruitment.Worker", "WK-OTHER", 3))


def test_a_slow_source_gives_the_same_file():
    class Trickle(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000) if size > 0 else size)

    stream, stored = sealed_file(bytes(100_000))
    target = io.BytesIO()

    vault.open_stream(Trickle(stored), target, wrapped_key=stream.wrapped_key, context=WORKER)

    assert target.getvalue() == bytes(100_000)


def test_a_note_has_a_limit():
    with pytest.raises(ValueError):
        sealed_file(b"", note=bytes(70_000))


def test_known_answer_of_a_stored_file(keys):
    keys.write_text(KNOWN_KEY)

    note, content = open_file(base64.b64decode(STORED_FILE), base64.b64decode(STORED_FILE_KEY), Context("kat", "2", 1))

    assert (note, content) == (b"note", b"content of a file")


KNOWN_KEY = f"kat-1 {base64.b64encode(bytes(range(32))).decode()}\n"
STORED_FILE_KEY = (
    "VEsBAQEFa2F0LTEASJQlK59ll2F0DIfgXIpSBWFE8niXysjjclJG2yqc1dKkiHtmgRbzPxgyEcKtaHcPW0WU1oSEtSrcJW2x0LZ9jcFrhEk6oNYwXg=="
)
STORED_FILE = (
    "VFgBzuFZE2lOhdt10ZdRn9MCCOFTvAVWbIKAAAAEEavxkF3miPk3i/k+1e1DD9GB1wDCrPHfCp6/OrB9fAd2lZuLoDYNu7nzYhhSOf+pcXc5"
    "lESSGWcCG4ydSwDhrfwRfvydlOzu16oNPfjs7VHchLcIg2FgVVmLPhS8FHpoiru40Bg1K7/VBRzBJmPteINfkK3DJgX2NR6TkXNQi9mewxrN"
    "GtJqVs3R4wndXtDeIorl8JIs68HqvhSViRYMoYYPSjNjp/z8HiWbNbwprK5FsFvdO//VFf1xstSbr9jx+HNFMKS392w2BScAIsJeIHuLKGB6"
    "pGSh1gwDcRkPyfbXnBgb3LoMUTm6fAmonMF5Uj+jl9IMH+adrtVe1QORGRgKPUkVHQ9XSAqNPz6ZT5GfHs8QjrP/Yv3sbECC/22jViDDl4NZ"
    "hMubhDiBwDvqUZWifn21CQcQwU0NvjmW/g+mAd3zI74KY06OcO2+2kgDf9zvkZn4Eejy+ABfCLsLEprYdzjjG2xRfnwp2VDGdvd5oRZyVqlg"
    "NGYjvglR6r9D2iWWMMGlK7YoHie/td7EJPeXCHocVf9Fbdq+5uh2EOSD0ojnQkh9azakh+DND2daSj6SBfMrKGfVthk/o90Dw7GRNVrq4Q/g"
    "/5OylI3mqT0qCh755clobPALGP3oXeSCQ3BjOp+zEwr7JGzOTPBTL2TAyKene3uLyyMxMyQBO5Ur5GR2ffgU9aTDSmUkfWs2Mf0T+dXVYoSO"
    "Yy/c3lFoFp3PR9s7RxJghpDLtNKjS/ivRbQUF2izWkBgC8yqt4BYhLNJDpGd7VYzK7EaVD5gmFfRNrBmP8kHJxWSf2fE0cCMhMXMzY4WEI7A"
    "u15nI4gZIL/3a7Ni7E1SUzMcwX+0DmJQa6FGfRAJJoG+dg644/MoXGktDgUJx/LYegqfXXboiYat+rzdm8BADIwyJOtrUitRvW0a1FxVP8El"
    "jbjqpuN6pvU2H1IIuttNmo5GQ/CUFinkDxoNW/pkW9APpl8sa6rAzMo06KrmcAOcR4SLPzVcJPaHxXfECRjqp5Z5/IqsyZWfwIIzrJ7RI2iF"
    "f9jiFALFzg2G2AHM9lu/iqFAyVMcEjs8K0xjiOFQuvKr1SVH1nUUsxb5Sg7YsyvWjRqc/yK+u5Xg5yQ2DtqgGhy7XFYw4NPbl1LK6fomgBEx"
    "rDeL62a029hBskGCHueEkv82NNr0c0pyFGmZIasYHxGIJYHUPA09tyM1wYIyqFSqqzBtOi0oP0JqbEjA0ByqXjYEmtCHIoJ9wPUWdeuJxKDx"
    "wAWIEptKNVfKQogqr9YUbfkj4R6/kzEE0meqGJvXtop1XWU0pGPih0aP3sUTY0K2q3RlnXjqo6UtKWvnkil/sknGth1ZUj1evLZ91VY3IOE+"
    "Wd5P2OE6JjTrtXOQGz+9/c6NM8caUXT5uS4koPoz8fV4p3NOQXsu43/JPjHrcQGUGZr3B9cWB5EEySIyXYZizlRd/45KCkjjxg8DQPzfwfYm"
    "8B4yFQ9OP4eXpszf9fcTKyXMD6nhzU8IFkDLehR7uBcE43bpJIE+zN211qN5PdpaLB4wsbcaCwjjIKkoEtCB41/nrDKptZThIlwBHTqnzMLE"
    "eU0A/hN82hq8nbV6rDkKYu/5NVLzPDK4da72EPOcexlFR67PWbcPMl12KUztLtPljFAdoJxlBO/XtYMIhVKwfYnJp3E0qpWvgIoZer7M9i+T"
    "8A4b6MNqaeE6F7S7+A0obUjyyFiaKMx3eZOVA/q4aoPGCmdWO5jMCqce8AjbwYVOOoDB6rpRelX7Gql+Pvp39P4/obs1mYdNggyfrdKqTZrS"
    "aJfkTHX+4nL5B7fD7+q3c/C3GAKSJQWSRTN1mANlWm9U17AImVTtqncp9fo3xsKsUrv3TJIZcC6HiISinwMHkU0frPwZEuWCoScYr22jJfAG"
    "gJFzKNvQxYZqR6u7EpmZUqrh5CvVgay3Zha977KvOFTKLDXpwG8pZw8XQFR6BBooeFO4srvL+MbeaCmCxdxVjGn9bv8TLjuGAw27Cpy/JknZ"
    "Zp3nQqTYT5+ItlOcZwN7bS2YmikrZV9FfkzXgXLoj6vHPbjd+hhRfqadFcir6riSnnYRsFsL66/QiBarO69t1E6qle8WWxoOlBgiKlNoYZYn"
    "q+vVaycu0u0Hpd8Dr9K3+/Dz2cj6erPWJjjqLfgAo2oIwFxJbO+SLHjf1PTd3vVKNKxF+UpcK/KmyXwbyr8kM0e0d0euDdy+junrs7NbxE/L"
    "FAPf1P9KZV3M4hWkBngamMtOXWmZOz9fDUOD5CKZ/u2ITW9TgUL83GsNpGIvIsv+9OXNdoldRsKXAUd1oVKbbl0qlipswNtv9TEVAEFyqtPL"
    "2+BlqSpZaC0VFdO9UqP4682kMfnb4XIlh/HGtUggHY8huMievT3mwyXqwSC7jyAjrEO6dPn3/e5ou8Av8OnytICwWTAB9L9eexhOCRNI7eQg"
    "AaOgiYHbibzYnFjDCZ02l78yRcNuk14eID3o4eUZsi0lhVqV7MGcfVevjeVn8LOCMuwJPlrTFLDwQvYB6mCHoUF4+UgMP1xd4NxOjfvLzBR2"
    "QrPUwFebatfjv7NBITwx+hNZ3usTDPZ25GHRfdfcRegFQdv8FwHiLPXavreNXJPVRNhSaqWifpUpYRUTvJIuigi/OCz6VNRdafzxpRzh04Vl"
    "ff3Ix+GmfVbWXzEVPhMrh6a0YQL29sIX/GQE3TrF5zTt6zmta3IsT79K/T6kMt8jy2XaChRYVpOrtCq3CAhqfPwFVf+lb2qtxcKBXkG2mLAs"
    "dmfUFoNuI9nKj0Itlu+n"
)
