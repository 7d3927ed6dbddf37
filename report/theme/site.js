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

  panel(document.querySelector(".menu"), document.getElementById("side"));
  panel(document.querySelector(".find"), document.getElementById("search"), function () {
    document.getElementById("search-box").focus();
  });
})();
