// Searches the whole book in the browser. The index is a script, loaded when it is first needed,
// so that it works on a page opened from a disk.
(function () {
  var HEADING = 0, CAPTION = 1, ROW = 2;
  var SHOWN = 40, AROUND = 30;
  var words = window.SITE_WORDS;
  var form = document.getElementById("search");
  var box = document.getElementById("search-box");
  var list = document.getElementById("search-list");
  var panel = form.querySelector(".search-panel");
  var status = form.querySelector(".search-count");
  var index = null, active = -1;

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function load(then) {
    if (index) return then();
    var script = document.createElement("script");
    script.src = "assets/search.js";
    script.onload = function () {
      index = window.SEARCH_INDEX;
      index.folded = index.entries.map(function (entry) { return fold(entry[3]); });
      then();
    };
    script.onerror = function () { open(words["search-missing"]); };
    document.head.appendChild(script);
  }

  // A Latin word is found where a word begins, Chinese anywhere.
  function place(text, term) {
    var from = text.indexOf(term);
    if (!/^[a-z0-9]/.test(term)) return from;
    while (from > 0 && /[a-z0-9]/.test(text[from - 1])) from = text.indexOf(term, from + 1);
    return from;
  }

  function search(query) {
    var terms = fold(query).split(/\s+/).filter(Boolean);
    if (!terms.length) return [];
    var found = [];
    index.folded.forEach(function (text, at) {
      var places = terms.map(function (term) { return place(text, term); });
      if (Math.min.apply(null, places) < 0) return;
      var kind = index.entries[at][2];
      var cells = kind === ROW ? text.split(" · ") : [];
      var exact = cells.indexOf(terms.join(" ")) >= 0 && cells.indexOf(terms.join(" ")) < 3;
      var rank = kind === HEADING ? 0 : exact ? 1 : kind === CAPTION ? 2 : kind === ROW ? 3 : 4;
      found.push({ at: at, rank: rank, first: Math.min.apply(null, places), terms: terms });
    });
    return found.sort(function (a, b) { return a.rank - b.rank || a.at - b.at; });
  }

  function marked(text, terms) {
    var folded = fold(text), same = folded.length === text.length;
    var holder = document.createDocumentFragment(), at = 0;
    while (same && at < text.length) {
      var next = null;
      terms.forEach(function (term) {
        var from = folded.indexOf(term, at);
        if (from >= 0 && (!next || from < next[0])) next = [from, from + term.length];
      });
      if (!next) break;
      holder.append(text.slice(at, next[0]));
      var mark = document.createElement("mark");
      mark.textContent = text.slice(next[0], next[1]);
      holder.append(mark);
      at = next[1];
    }
    holder.append(text.slice(at));
    return holder;
  }

  function snippet(text, hit) {
    var from = Math.max(0, hit.first - AROUND), to = hit.first + 3 * AROUND;
    return (from ? "…" : "") + text.slice(from, to) + (to < text.length ? "…" : "");
  }

  function option(hit, number) {
    var entry = index.entries[hit.at], page = index.pages[entry[0]];
    var item = document.createElement("li");
    item.id = "search-" + number;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.href = page[0] + "#" + entry[1];
    var where = document.createElement("span");
    where.className = "search-where";
    where.textContent = page[1];
    var text = document.createElement("span");
    text.append(marked(snippet(entry[3], hit), hit.terms));
    item.append(where, text);
    return item;
  }

  function open(message) {
    panel.hidden = false;
    status.textContent = message;
    box.setAttribute("aria-expanded", String(list.children.length > 0));
  }

  function close() {
    panel.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(number) {
    var before = list.children[active];
    if (before) before.setAttribute("aria-selected", "false");
    active = number;
    var now = list.children[active];
    if (!now) return box.removeAttribute("aria-activedescendant");
    now.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", now.id);
    now.scrollIntoView({ block: "nearest" });
  }

  function told(count) {
    if (!count) return words["search-none"] + " “" + box.value.trim() + "”";
    if (count <= SHOWN) return words["search-count"].replace("{}", count);
    return words["search-shown"].replace("{}", count).replace("{}", SHOWN);
  }

  function show() {
    list.replaceChildren();
    active = -1;
    box.removeAttribute("aria-activedescendant");
    if (!box.value.trim()) return close();
    load(function () {
      var found = search(box.value);
      list.replaceChildren.apply(list, found.slice(0, SHOWN).map(option));
      open(told(found.length));
    });
  }

  function go(item) {
    close();
    form.classList.remove("open");
    location.href = item.dataset.href;
  }

  box.addEventListener("input", show);
  box.addEventListener("focus", function () { load(function () {}); if (box.value) show(); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var item = list.children[Math.max(active, 0)];
    if (item && !panel.hidden) go(item);
  });
  box.addEventListener("keydown", function (event) {
    var last = list.children.length - 1;
    if (event.key === "Escape") {
      if (!panel.hidden) { event.stopPropagation(); close(); } else { box.value = ""; }
      return;
    }
    if (last < 0 || panel.hidden) return;
    var to = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last };
    if (event.key in to) {
      event.preventDefault();
      choose(to[event.key]);
    }
  });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); });
  list.addEventListener("click", function (event) {
    var item = event.target.closest("[role=option]");
    if (item) go(item);
  });
  form.addEventListener("focusout", function (event) {
    if (!form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    form.classList.add("open");
    box.focus();
    box.select();
  });
})();
