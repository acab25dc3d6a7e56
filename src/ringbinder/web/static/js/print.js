// The button of a page that is made for paper.
document.querySelector("[data-prints]")?.addEventListener("click", () => window.print());
