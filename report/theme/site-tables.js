// Lets long tables be sorted by any column and filtered; without it they are plain tables.
(function () {
  var words = window.SITE_WORDS;
  var GRADE = /^([A-Z])(\+?)$/;
  var FIGURE = /^[^\p{L}\d]*(?:第)?\s*[−–-]?\d/u;
  var EMPTY = /^(?:[—–\-·]*|n\/a)$/i;
  var collator = new Intl.Collator(["zh-Hans-CN", document.documentElement.lang], { numeric: true });

  function textOf(cell) {
    return cell ? cell.textContent.trim() : "";
  }

  // All figures of a cell in their order: an interval sorts by its lower, then its upper end.
  // A dash is a minus only where no figure stands before it.
  function figures(text) {
    var found = text.replace(/(\d),(?=\d{3}\b)/g, "$1").match(/(?:(?<![\d%])\s*[−–-])?\d+(?:\.\d+)?/g);
    return (found || []).map(function (part) {
      return parseFloat(part.trim().replace(/^[−–]/, "-"));
    });
  }

  function grade(text) {
    var parts = GRADE.exec(text);
    return parts ? [2 * parts[1].charCodeAt(0) + (parts[2] ? 0 : 1)] : [];
  }

  function inOrder(a, b) {
    for (var at = 0; at < Math.min(a.length, b.length); at++) {
      if (a[at] !== b[at]) return a[at] - b[at];
    }
    return a.length - b.length;
  }

  // How a column sorts: by grades or figures where nearly every cell is one, else by pinyin.
  function kindOf(texts) {
    var filled = texts.filter(function (text) { return !EMPTY.test(text); });
    function most(pattern) {
      var fit = filled.filter(function (text) { return pattern.test(text); }).length;
      return filled.length > 0 && fit >= 0.9 * filled.length;
    }
    if (most(GRADE)) return { key: grade, compare: inOrder };
    if (most(FIGURE)) return { key: figures, compare: inOrder };
    return { key: String, compare: collator.compare };
  }

  function sorter(rows, column) {
    var texts = rows.map(function (row) { return textOf(row.cells[column]); });
    var kind = kindOf(texts);
    var keys = texts.map(function (text) { return EMPTY.test(text) ? null : kind.key(text); });
    return function (sign) {
      return rows.map(function (_, at) { return at; }).sort(function (a, b) {
        if (keys[a] === null || keys[b] === null) {
          return (keys[a] === null) - (keys[b] === null) || a - b;
        }
        return sign * kind.compare(keys[a], keys[b]) || a - b;
      }).map(function (at) { return rows[at]; });
    };
  }

  function makeSortable(heads, body, rows, tell) {
    heads.forEach(function (head, column) {
      if (!textOf(head)) return;
      var button = document.createElement("button"), order = null;
      button.type = "button";
      button.className = "sort";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        var next = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
        if (next === undefined) next = "ascending";
        heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
        if (next) head.setAttribute("aria-sort", next);
        order = order || sorter(rows, column);
        var sorted = next ? order(next === "ascending" ? 1 : -1) : rows;
        body.append.apply(body, sorted);
        var said = next ? words[next === "ascending" ? "sort-up" : "sort-down"] : words["sort-none"];
        tell(said.replace("{}", textOf(button)));
      });
    });
  }

  function filterBar(rows, name, number) {
    var bar = document.createElement("div"), id = "filter-" + number;
    bar.className = "table-tools";
    var label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = words.filter;
    var input = document.createElement("input");
    input.id = id;
    input.type = "search";
    input.placeholder = words["filter-hint"];
    input.autocomplete = "off";
    input.setAttribute("aria-label", words.filter + (name ? " (" + name + ")" : ""));
    var status = document.createElement("span");
    status.setAttribute("role", "status");
    var help = document.createElement("span");
    help.className = "table-help";
    help.setAttribute("role", "status");
    help.textContent = words["sort-help"];
    var texts = rows.map(function (row) {
      return Array.from(row.cells, textOf).join(" \u0000 ").normalize("NFKC").toLowerCase();
    });
    function apply() {
      var terms = input.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row, at) {
        var keep = terms.every(function (term) { return texts[at].includes(term); });
        row.hidden = !keep;
        shown += keep;
      });
      status.textContent = terms.length
        ? words["filter-shown"].replace("{}", shown).replace("{}", rows.length)
        : words["filter-count"].replace("{}", rows.length);
    }
    input.addEventListener("input", apply);
    input.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      input.value = "";
      apply();
    });
    apply();
    bar.append(label, input, status, help);
    return { bar: bar, tell: function (text) { help.textContent = text; } };
  }

  // A row that a link leads to is shown whatever the filter says.
  function showTarget() {
    var row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.matches("tr")) {
      row.hidden = false;
      row.scrollIntoView({ block: "center" });
    }
  }

  document.querySelectorAll(".table-box.long").forEach(function (box, number) {
    var table = box.querySelector("table");
    var body = table.tBodies[0];
    var heads = table.tHead && table.tHead.rows.length === 1 && Array.from(table.tHead.rows[0].cells);
    if (!heads || table.tBodies.length !== 1 || table.querySelector("[rowspan], [colspan]")) return;
    var rows = Array.from(body.rows);
    box.classList.add("sortable");
    var tools = filterBar(rows, box.getAttribute("aria-label"), number);
    makeSortable(heads, body, rows, tools.tell);
    box.before(tools.bar);
  });
  addEventListener("hashchange", showTarget);
  showTarget();
})();
