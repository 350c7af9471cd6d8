/* Terang: comfort only. Every page works without this file. */
(() => {
  "use strict";
  const all = (selector) => document.querySelectorAll(selector);

  // The language menu closes on Escape and on a press elsewhere.
  const menu = document.querySelector("details.lang");
  if (menu) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // Filters stand open beside the results where the style sheet alone cannot do it.
  if (matchMedia("(min-width:46rem)").matches && !(window.CSS && CSS.supports("selector(::details-content)"))) {
    all(".list details.box").forEach((box) => { box.open = true; });
  }

  // A second press on a button that is already sending does nothing; coming back to the page resets it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // Print: closed parts are opened for the paper and closed again.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...all("main details:not([open])")];
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); opened = []; });

  // Buttons that need a script are hidden until there is one: data-print, data-copy="text".
  all("[data-print],[data-copy]").forEach((button) => {
    if ("copy" in button.dataset && !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      if ("print" in button.dataset) return print();
      navigator.clipboard.writeText(button.dataset.copy).then(() => {
        const done = document.getElementById(button.getAttribute("aria-describedby"));
        if (done) done.textContent = button.dataset.done || "";
      });
    });
  });
})();
