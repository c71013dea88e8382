"use strict";

const told = document.getElementById("told");

function tell(text) {
  told.textContent = text;
  setTimeout(() => { told.textContent = ""; }, 2000);
}

// The clipboard of the browser is there on secure pages and on localhost only; a selection works everywhere.
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    tell("Copied");
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    tell(document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C");
  }
}

for (const button of document.querySelectorAll("button[data-copy]"))
  button.addEventListener("click", () => copy(button));

const filter = document.getElementById("filter");
if (filter) {
  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const section of document.querySelectorAll(".repository")) {
      const name = section.querySelector("h2").textContent.toLowerCase();
      let any = false;
      for (const row of section.querySelectorAll("tbody tr")) {
        const text = name + " " + row.textContent.toLowerCase() + " " + [...row.querySelectorAll("code")].map(code => code.title).join(" ");
        row.hidden = !words.every(word => text.includes(word));
        any ||= !row.hidden;
      }
      section.hidden = !any;
    }
  };
  filter.addEventListener("input", apply);
  document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== filter && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      filter.focus();
    } else if (event.key === "Escape" && document.activeElement === filter) {
      filter.value = "";
      apply();
    }
  });
}
