"use strict";
// Comfort only: everything can be read without this script.

// A button beside what one wants to copy.
for (const block of navigator.clipboard ? document.querySelectorAll(".copyable") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  block.append(button);
}

// Row and column of the confusion matrix's cell under the pointer.
for (const matrix of document.querySelectorAll("table.matrix")) {
  const mark = (cell) => {
    for (const marked of matrix.querySelectorAll(".across")) marked.classList.remove("across");
    if (!cell) return;
    for (const row of matrix.rows) row.cells[cell.cellIndex].classList.add("across");
    for (const other of cell.parentElement.cells) other.classList.add("across");
  };
  matrix.addEventListener("pointerover", (event) => mark(event.target.closest("td")));
  matrix.addEventListener("pointerleave", () => mark(null));
}

// The section that is being read, in the table of contents.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const watch = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(entry.target.id).setAttribute("aria-current", "true");
  }
}, { rootMargin: "-10% 0px -80% 0px" });
for (const section of document.querySelectorAll("main > section")) watch.observe(section);
