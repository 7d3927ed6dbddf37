// Opens and closes the contents and the search on a narrow screen; without it, both stay open.
(function () {
  var root = document.documentElement;
  root.classList.add("js");

  function panel(button, target, opened) {
    if (!button || !target) return;
    function set(open) {
      button.setAttribute("aria-expanded", String(open));
      target.classList.toggle("open", open);
      if (open && opened) opened();
    }
    button.addEventListener("click", function () {
      set(button.getAttribute("aria-expanded") !== "true");
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && target.classList.contains("open")) {
        set(false);
        button.focus();
      }
    });
    target.addEventListener("click", function (event) {
      if (event.target.closest("a")) set(false);
    });
  }

  // A long list of chapters shows the one that is read.
  function showCurrent(side) {
    var current = side.querySelector("[aria-current]");
    var down = current.getBoundingClientRect().top - side.getBoundingClientRect().top;
    if (down > 0.6 * side.clientHeight) side.scrollTop += down - 0.4 * side.clientHeight;
  }

  var side = document.getElementById("side");
  panel(document.querySelector(".menu"), side, function () { showCurrent(side); });
  showCurrent(side);
  panel(document.querySelector(".find"), document.getElementById("search"), function () {
    document.getElementById("search-box").focus();
  });
})();
