// Opens and closes the table of contents on a narrow screen; without it, the contents stay open.
(function () {
  var button = document.querySelector(".menu");
  var side = document.getElementById("side");
  document.documentElement.classList.add("js");
  function set(open) {
    button.setAttribute("aria-expanded", String(open));
    side.classList.toggle("open", open);
  }
  button.addEventListener("click", function () {
    set(button.getAttribute("aria-expanded") !== "true");
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && side.classList.contains("open")) {
      set(false);
      button.focus();
    }
  });
  side.addEventListener("click", function (event) {
    if (event.target.closest("a")) set(false);
  });
})();
