// Moving the day: arrow keys and a slider over the days on which something changed.  Pages work without it.
(function () {
  "use strict";

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function go(link) {
    if (link) { link.click(); }
  }

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || typing(event.target)) { return; }
    if (event.key === "ArrowLeft") { go(document.getElementById("step-before")); }
    if (event.key === "ArrowRight") { go(document.getElementById("step-after")); }
  });

  function slider() {
    var days = document.getElementById("days");
    var slide = document.getElementById("slide");
    if (!days || !slide || slide.dataset.ready) { return; }
    slide.dataset.ready = "yes";
    var list = JSON.parse(days.textContent);
    var timer = null;
    slide.closest("label").hidden = false;
    slide.addEventListener("input", function () {
      var day = list[Number(slide.value)];
      slide.setAttribute("aria-valuetext", day);
      var field = document.querySelector(".choice input[name=on]");
      if (field) { field.value = day; }
      clearTimeout(timer);
      timer = setTimeout(function () {
        var address = new URL(window.location.href);
        address.searchParams.set("on", day);
        open(address);
      }, 180);
    });
  }

  function open(address) {
    if (!window.htmx) { window.location.href = address; return; }
    window.htmx.ajax("GET", address.pathname + address.search, {
      target: "body", swap: "innerHTML"
    }).then(function () { window.history.replaceState({}, "", address); });
  }

  function unfold() {
    // A link to an item opens it.
    var target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    var fold = target && target.querySelector(":scope > details");
    if (fold) { fold.open = true; }
  }

  function all(open) {
    document.querySelectorAll("main details").forEach(function (fold) {
      if (open && !fold.open) { fold.open = true; fold.dataset.printed = "yes"; }
      if (!open && fold.dataset.printed) { fold.open = false; delete fold.dataset.printed; }
    });
  }

  window.addEventListener("beforeprint", function () { all(true); });
  window.addEventListener("afterprint", function () { all(false); });
  window.addEventListener("hashchange", unfold);
  document.addEventListener("DOMContentLoaded", function () { slider(); unfold(); });
  document.addEventListener("htmx:afterSettle", function () { slider(); unfold(); });
}());
