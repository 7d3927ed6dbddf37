// One slide at a time where the window has room; keys, buttons and swipes turn them.
(function () {
  "use strict";
  const roomy = window.matchMedia("(min-width: 900px) and (min-height: 500px)");
  const slides = Array.from(document.querySelectorAll(".slide"));
  const figures = document.querySelectorAll(".shown");
  const nav = document.querySelector("nav");
  const where = document.getElementById("where");
  const previous = document.getElementById("previous");
  const next = document.getElementById("next");
  const full = document.getElementById("full");
  let at = 0;

  function fit(slide) {
    const said = slide.querySelector(".said");
    for (let size = 1; size >= 0.6; size -= 0.04) {
      said.style.setProperty("--fit", size.toFixed(2));
      if (said.scrollHeight <= said.clientHeight + 1) break;
    }
  }

  function show(number, moveFocus) {
    at = Math.max(0, Math.min(slides.length - 1, number));
    slides.forEach((slide, index) => slide.classList.toggle("now", index === at));
    previous.disabled = at === 0;
    next.disabled = at === slides.length - 1;
    where.textContent = at + 1 + " / " + slides.length;
    if (!roomy.matches) return;
    fit(slides[at]);
    if (moveFocus) {
      slides[at].focus({ preventScroll: true });
      history.replaceState(null, "", "#" + slides[at].id);
    }
  }

  function arrange() {
    document.documentElement.classList.toggle("deck", roomy.matches);
    nav.hidden = !roomy.matches;
    figures.forEach((figure) => { figure.tabIndex = roomy.matches ? -1 : 0; });
    show(at, false);
  }

  function fromAddress() {
    const found = slides.findIndex((slide) => "#" + slide.id === location.hash);
    if (found >= 0) at = found;
  }

  function fillScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  }

  const turns = {
    ArrowRight: () => at + 1, ArrowDown: () => at + 1, PageDown: () => at + 1,
    ArrowLeft: () => at - 1, ArrowUp: () => at - 1, PageUp: () => at - 1,
    Home: () => 0, End: () => slides.length - 1,
  };
  document.addEventListener("keydown", (event) => {
    if (!roomy.matches || event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.closest && event.target.closest("button, a");
    if (event.key === " " && !onButton) {
      event.preventDefault();
      show(at + (event.shiftKey ? -1 : 1), true);
    } else if (turns[event.key]) {
      event.preventDefault();
      show(turns[event.key](), true);
    } else if (event.key === "f" || event.key === "F") {
      fillScreen();
    }
  });
  previous.addEventListener("click", () => show(at - 1, false));
  next.addEventListener("click", () => show(at + 1, false));
  full.addEventListener("click", fillScreen);

  let start = null;
  document.addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!start || !roomy.matches) return;
    const across = event.changedTouches[0].clientX - start.clientX;
    const down = event.changedTouches[0].clientY - start.clientY;
    if (Math.abs(across) > 50 && Math.abs(across) > 2 * Math.abs(down)) show(at + (across < 0 ? 1 : -1), true);
    start = null;
  }, { passive: true });

  window.addEventListener("hashchange", () => { fromAddress(); show(at, false); });
  window.addEventListener("resize", () => show(at, false));
  roomy.addEventListener("change", arrange);
  fromAddress();
  arrange();
})();
