// Shows all pages of a PDF by PDF.js, each drawn when it comes near the window.
import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";

const place = document.getElementById("pdf-pages");
const told = place.querySelector(".pdf-told");
const folder = (address) => address.slice(0, address.lastIndexOf("/") + 1);
const MOST_PIXELS = 16_000_000;
const MARGIN = "800px";

pdfjs.GlobalWorkerOptions.workerSrc = place.dataset.worker;

let zoom = 1;
let sheets = [];

const near = new IntersectionObserver(
  (entries) => entries.forEach(({ target, isIntersecting }) => (isIntersecting ? draw(target) : clear(target))),
  { rootMargin: MARGIN },
);

async function begin() {
  const loading = pdfjs.getDocument({
    url: place.dataset.file,
    withCredentials: true,
    isEvalSupported: false,
    enableXfa: false,
    standardFontDataUrl: folder(place.dataset.fonts),
    useWasm: false, // The page's policy lets no WebAssembly in; decoders in JavaScript are there.
    wasmUrl: folder(place.dataset.decoders),
  });
  loading.onPassword = () => {
    say(place.dataset.locked);
    loading.destroy();
  };
  const pdf = await loading.promise;
  const first = await pdf.getPage(1);
  const usual = first.getViewport({ scale: 1 });
  place.replaceChildren();
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const sheet = document.createElement("div");
    sheet.className = "pdf-sheet";
    sheet.setAttribute("role", "img");
    sheet.setAttribute("aria-label", place.dataset.pageName.replace("#", number));
    if (place.dataset.mark) sheet.dataset.mark = place.dataset.mark;
    sheet.pdf = pdf;
    sheet.number = number;
    sheet.size = usual;
    place.append(sheet);
    sheets.push(sheet);
  }
  measure();
  sheets.forEach((sheet) => near.observe(sheet));
}

function measure() {
  const wide = Math.max(200, place.clientWidth - 2) * zoom;
  for (const sheet of sheets) {
    sheet.style.width = `${wide}px`;
    sheet.style.height = `${(wide * sheet.size.height) / sheet.size.width}px`;
  }
}

async function draw(sheet) {
  if (sheet.work) return;
  const work = (sheet.work = {});
  const page = await sheet.pdf.getPage(sheet.number);
  sheet.size = page.getViewport({ scale: 1 });
  measure();
  const wanted = (sheet.clientWidth * window.devicePixelRatio) / sheet.size.width;
  const most = Math.sqrt(MOST_PIXELS / (sheet.size.width * sheet.size.height));
  const viewport = page.getViewport({ scale: Math.min(wanted, most) });
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  work.task = page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.ENABLE });
  try {
    await work.task.promise;
  } catch {
    return;
  }
  if (sheet.work === work) sheet.replaceChildren(canvas);
}

function clear(sheet) {
  sheet.work?.task?.cancel();
  sheet.work = null;
  sheet.replaceChildren();
}

function say(text) {
  told.textContent = text;
  place.replaceChildren(told);
}

function redraw() {
  measure();
  sheets.forEach((sheet) => {
    clear(sheet);
    near.unobserve(sheet);
    near.observe(sheet);
  });
}

document.querySelectorAll("[data-zoom]").forEach((button) =>
  button.addEventListener("click", () => {
    zoom = Math.min(8, Math.max(0.25, zoom * Number(button.dataset.zoom)));
    redraw();
  }),
);

let resized;
window.addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(redraw, 200);
});

begin().catch((error) => {
  if (error?.name !== "PasswordException" && told.textContent !== place.dataset.locked) {
    say(place.dataset.failed);
  }
});
