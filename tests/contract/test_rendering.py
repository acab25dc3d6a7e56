"""Pictures and stamped copies by the real workers: of proper files, and of hostile ones."""

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from ringbinder.adapters.rendering import (
    PictureOrder,
    RendererBusy,
    RendererUnavailable,
    StampOrder,
    Unrenderable,
)
from ringbinder.adapters.rendering.bounds import Bounds
from ringbinder.adapters.rendering.errors import Reason
from ringbinder.adapters.rendering.pool import WorkerPool
from tests.factories import files

pytestmark = [pytest.mark.contract, pytest.mark.skipif(sys.platform != "linux", reason="Linux")]

SMALL = PictureOrder(100)
STAMP = StampOrder(("ERSATT av version 3 (C)", "Hämtad av Åsa Öberg"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "files"


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(2, Bounds(seconds=10, cpu_seconds=1))
    yield pool
    await pool.close()


async def rendered(
    pool: WorkerPool, folder: Path, content: bytes, order: PictureOrder | StampOrder = SMALL
) -> bytes:
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    target.unlink(missing_ok=True)
    await pool.render(source, target, order)
    return target.read_bytes()


async def refusal(pool: WorkerPool, folder: Path, content: bytes) -> Reason:
    with pytest.raises(Unrenderable) as refused:
        await rendered(pool, folder, content)
    return refused.value.reason


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


async def test_a_page_becomes_a_picture(pool: WorkerPool, tmp_path: Path) -> None:
    picture = opened(await rendered(pool, tmp_path, files.pdf(size=(400, 800))))
    assert (picture.format, picture.size) == ("WEBP", (50, 100))


@pytest.mark.parametrize("form", files.FORMATS)
async def test_a_picture_becomes_a_smaller_one(pool: WorkerPool, tmp_path: Path, form: str) -> None:
    picture = opened(await rendered(pool, tmp_path, files.image(form, (400, 200))))
    assert (picture.format, picture.size) == ("WEBP", (100, 50))
    dark, light = picture.convert("L").getpixel((10, 25)), picture.convert("L").getpixel((90, 25))
    assert (dark, light) < (30, 256)
    assert (light, dark) > (225, -1)


async def test_a_small_picture_is_not_blown_up(pool: WorkerPool, tmp_path: Path) -> None:
    assert opened(await rendered(pool, tmp_path, files.image(size=(20, 10)))).size == (20, 10)


async def test_what_is_clear_is_seen_on_paper(pool: WorkerPool, tmp_path: Path) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(made, "PNG")
    picture = opened(await rendered(pool, tmp_path, made.getvalue()))
    assert picture.convert("L").getextrema() == (255, 255)


async def test_a_photograph_lies_as_its_camera_was_held(pool: WorkerPool, tmp_path: Path) -> None:
    made = io.BytesIO()
    photograph = Image.new("RGB", (40, 20))
    exif = photograph.getexif()
    exif[0x0112] = 6
    photograph.save(made, "JPEG", exif=exif)
    assert opened(await rendered(pool, tmp_path, made.getvalue())).size == (20, 40)


async def test_each_page_is_stamped_and_stays_what_it_was(pool: WorkerPool, tmp_path: Path) -> None:
    stamped = PdfReader(
        io.BytesIO(await rendered(pool, tmp_path, files.pdf("Snitt", pages=3), STAMP))
    )
    texts = [page.extract_text() for page in stamped.pages]
    assert len(texts) == 3
    for number, text in enumerate(texts, start=1):
        assert f"Snitt, page {number}" in text
        assert "ERSATT av version 3 (C)" in text
        assert "Hämtad av Åsa Öberg" in text


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
async def test_the_stamp_is_at_the_top_as_the_page_is_seen(
    pool: WorkerPool, tmp_path: Path, degrees: int
) -> None:
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [10 20 310 420] /Rotate {degrees} >>".encode()
    stamped = await rendered(pool, tmp_path, files.raw_pdf(page), STAMP)
    seen = opened(await rendered(pool, tmp_path, stamped, PictureOrder(400))).convert("RGB")
    width, height = seen.size
    assert seen.size == ((300, 400) if degrees % 180 == 0 else (400, 300))
    assert _reddest(seen.crop((0, 0, width, height // 8))) > 90
    assert _reddest(seen.crop((0, 7 * height // 8, width, height))) < 60


def _reddest(part: Image.Image) -> int:
    red, green, _ = part.split()
    return max(a - b for a, b in zip(red.tobytes(), green.tobytes(), strict=True))


async def test_only_a_pdf_can_be_stamped(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises(Unrenderable):
        await rendered(pool, tmp_path, files.image(), STAMP)


async def test_programs_are_no_pictures(pool: WorkerPool, tmp_path: Path) -> None:
    for content in (*files.scripted(), b"", b"MZ" + bytes(500)):
        assert await refusal(pool, tmp_path, content) is Reason.UNKNOWN_KIND


async def test_broken_files_are_told_so(pool: WorkerPool, tmp_path: Path) -> None:
    whole = files.image("JPEG", (300, 300))
    for content in (b"%PDF-1.7\n" + os.urandom(2000), whole[: len(whole) // 2], b"%PDF-"):
        assert await refusal(pool, tmp_path, content) is Reason.BROKEN


async def test_too_many_pixels_are_refused(pool: WorkerPool, tmp_path: Path) -> None:
    assert await refusal(pool, tmp_path, files.pixel_bomb()) is Reason.TOO_LARGE


async def test_a_file_that_takes_for_ever_is_ended(pool: WorkerPool, tmp_path: Path) -> None:
    assert await refusal(pool, tmp_path, files.laughing_pdf()) is Reason.TOO_SLOW


async def test_a_stream_that_swells_is_bounded(tmp_path: Path) -> None:
    pool = WorkerPool(1, Bounds(cpu_seconds=2, memory_bytes=400 << 20))
    try:
        assert await rendered(pool, tmp_path, files.pdf())
        worker = pool.process_ids
        # It may be refused, ended, or drawn without what did not fit; the worker outlives it.
        with contextlib.suppress(Unrenderable):
            await rendered(pool, tmp_path, files.swollen_pdf(400))
        assert await rendered(pool, tmp_path, files.pdf())
        assert pool.process_ids == worker
    finally:
        await pool.close()


async def test_an_absurd_page_gives_a_bounded_picture(pool: WorkerPool, tmp_path: Path) -> None:
    for box in (b"0 0 1e9 1", b"0 0 0.0001 0.0001", b"0 0 -5 -5"):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] >>"
        picture = opened(await rendered(pool, tmp_path, files.raw_pdf(page)))
        assert max(picture.size) <= 101


async def test_hostile_files_leave_room_for_others(pool: WorkerPool, tmp_path: Path) -> None:
    (tmp_path / "hostile").mkdir()
    hostile = asyncio.create_task(refusal(pool, tmp_path / "hostile", files.laughing_pdf()))
    assert opened(await rendered(pool, tmp_path, files.pdf())).format == "WEBP"
    assert not hostile.done()
    await hostile


async def test_too_many_at_once_are_told_to_come_back(tmp_path: Path) -> None:
    pool = WorkerPool(1, Bounds(), waiting=1)
    try:
        outcomes = await asyncio.gather(
            *(_in_own_folder(pool, tmp_path / str(number)) for number in range(4)),
            return_exceptions=True,
        )
    finally:
        await pool.close()
    assert any(isinstance(outcome, bytes) for outcome in outcomes)
    assert any(isinstance(outcome, RendererBusy) for outcome in outcomes)


async def _in_own_folder(pool: WorkerPool, folder: Path) -> bytes:
    await asyncio.to_thread(folder.mkdir)
    return await rendered(pool, folder, files.pdf())


async def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    pool = WorkerPool(1, Bounds())
    try:
        assert await rendered(pool, tmp_path, files.pdf())
        os.kill(pool.process_ids[0], signal.SIGKILL)
        with pytest.raises(RendererBusy):
            await rendered(pool, tmp_path, files.pdf())
        assert await rendered(pool, tmp_path, files.pdf())
    finally:
        await pool.close()
    assert pool.process_ids == []


async def test_who_gives_up_waiting_leaves_nothing_running(tmp_path: Path) -> None:
    pool = WorkerPool(1, Bounds())
    try:
        assert await rendered(pool, tmp_path, files.pdf())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(rendered(pool, tmp_path, files.laughing_pdf()), 0.2)
        assert await rendered(pool, tmp_path, files.pdf())
    finally:
        await pool.close()


async def test_without_workers_there_are_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(RendererUnavailable):
        await rendered(WorkerPool(0, Bounds()), tmp_path, files.pdf())


def test_a_fork_can_open_nothing() -> None:
    tried = """
import json, socket
from ringbinder.adapters.rendering import worker
worker._renounce({"cpuSeconds": 5, "memoryBytes": 1 << 30, "resultBytes": 10, "seconds": 5})
told = []
for attempt in (lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: open("/tmp/x", "w")):
    try:
        attempt()
        told.append("open")
    except OSError as error:
        told.append(error.errno)
print(json.dumps(told))
"""
    answer = subprocess.run(
        [sys.executable, "-c", tried], check=True, capture_output=True, timeout=30
    )
    assert json.loads(answer.stdout) == [24, 24, 24]  # EMFILE


@pytest.mark.slow
@pytest.mark.skipif(
    not CORPUS.exists(), reason="the corpus of example files is not on this machine"
)
async def test_no_file_of_the_corpus_stalls_the_workers(tmp_path: Path) -> None:
    pool = WorkerPool(2, Bounds())
    outcomes: dict[str, int] = {}
    try:
        for source in sorted(path for path in CORPUS.rglob("*") if path.is_file()):
            for order in (PictureOrder(320), STAMP):
                target = tmp_path / "target"
                target.unlink(missing_ok=True)
                try:
                    await pool.render(source, target, order)
                    outcome = "done"
                except Unrenderable as refused:
                    outcome = str(refused.reason)
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
    finally:
        await pool.close()
    assert outcomes["done"] > 100
    assert set(outcomes) <= {"done", "unknown-kind", "broken", "encrypted"}
