// An editable combobox with a list, after the pattern of the ARIA Authoring Practices Guide.
var MOST_FOUND = 8;

function combobox(holder, id, label, hint, choose, without) {
  var found = [];
  var active = -1;
  var list = make("ul", { id: id + "-list", role: "listbox", "aria-label": label, "class": "options", hidden: true });
  var input = make("input", {
    id: id, type: "text", role: "combobox", autocomplete: "off", autocapitalize: "none",
    spellcheck: "false", placeholder: hint, "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": id + "-list"
  });
  var empty = make("p", { "class": "empty", hidden: true });
  fill(holder, [
    make("label", { "for": id }, label),
    make("div", { "class": "combobox" }, [input, list, empty])
  ]);

  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) { move(-1); empty.hidden = true; }
  }
  function move(to) {
    active = to;
    Array.prototype.forEach.call(list.children, function (option, at) {
      option.setAttribute("aria-selected", String(at === to));
      if (at === to) option.scrollIntoView({ block: "nearest" });
    });
    if (to < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[to].id);
  }
  function take(at) {
    var unit = found[at];
    open(false);
    input.value = "";
    choose(unit);
  }
  function look() {
    var text = input.value.trim();
    found = search(text, without(), MOST_FOUND);
    fill(list, found.map(function (unit, at) {
      return make("li", {
        role: "option", id: id + "-" + at, "aria-selected": "false",
        onpointerdown: function (event) { event.preventDefault(); },
        onclick: function () { take(at); }
      }, [make("span", {}, UNITS.name[unit]), make("span", { "class": "about" }, about(unit))]);
    }));
    open(found.length > 0);
    empty.hidden = !text || found.length > 0;
    empty.textContent = empty.hidden ? "" : say("none_found", { text: text });
    spoken(!text ? "" : found.length ? say("found", { n: found.length }) : empty.textContent);
    if (found.length) move(0);
  }
  input.addEventListener("input", look);
  input.addEventListener("focus", function () { input.select(); if (input.value.trim()) look(); });
  input.addEventListener("blur", function () { open(false); });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) return;
    var last = found.length - 1;
    var shown = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!shown) { look(); } else {
        var step = event.key === "ArrowDown" ? 1 : -1;
        move((active + step + found.length) % found.length);
      }
    } else if (event.key === "Home" && shown) move(0);
    else if (event.key === "End" && shown) move(last);
    else if (event.key === "Enter") { if (shown && active >= 0) take(active); }
    else if (event.key === "Escape") { if (shown) open(false); else input.value = ""; }
    else return;
    if (event.key !== "Escape") event.preventDefault();
  });
  return input;
}

// What tells units of like names apart in a list: their province and level.
function about(unit) {
  return ["province", "level"].map(function (basis) { return groupOf(unit, basis); })
    .filter(function (group) { return group && group !== UNITS.name[unit]; })
    .join(" · ");
}

function spoken(text) {
  byId("spoken").textContent = text;
}
