var SORT = { column: "score", down: true };

function columnsOf(city) {
  var rank = function (row) { return row.rank; };
  return [
    { id: "city", label: say("city"), value: function (row) { return row.order; }, text: function (row) { return row.name; } },
    { id: "grade", label: say("grade"), value: function (row) { return gradeRank(row.unit); }, text: function (row) {
      var p = DATA.grades.p[row.unit];
      return (DATA.grades.grade[row.unit] || "—") + (p === null ? "" : " (" + percent(p) + ")");
    } },
    { id: "score", label: say("score"), number: true, value: function (row) { return row.score; }, text: function (row) { return fixed(row.score); } },
    { id: "interval", label: say("interval", { level: percent(DATA.level) }), number: true, value: function (row) { return row.low; }, text: function (row) {
      return row.low === null ? "—" : between(fixed(row.low), fixed(row.high));
    } },
    { id: "rank", label: say("rank"), number: true, value: rank, text: function (row) { return row.rank === null ? "—" : String(row.rank); } },
    { id: "ranks", label: say("rank_interval"), number: true, value: function (row) { return row.rankLow; }, text: function (row) {
      return row.rankLow === null ? "—" : between(row.rankLow, row.rankHigh);
    } },
    { id: "difference", label: say("difference", { city: city }), number: true, value: function (row) { return row.difference; }, text: function (row) {
      return row.focus || row.difference === null ? "—" : signed(row.difference);
    } },
    { id: "differences", label: say("difference_interval"), number: true, value: function (row) { return row.differenceLow; }, text: function (row) {
      return row.focus || row.difference === null ? "—" : between(signed(row.differenceLow), signed(row.differenceHigh));
    } },
    { id: "verdict", label: say("verdict"), value: function (row) { return row.focus ? null : row.difference; }, text: function (row) {
      return say(row.focus ? "self" : row.verdict);
    } },
    { id: "n", label: say("n"), number: true, value: function (row) { return row.n; }, text: function (row) { return row.n === null ? "—" : String(row.n); } }
  ];
}

function sorted(rows, columns) {
  var column = columns.find(function (each) { return each.id === SORT.column; });
  return rows.slice().sort(function (one, other) {
    var values = [column.value(one), column.value(other)];
    if (values[0] === null || values[1] === null) return (values[0] === null) - (values[1] === null);
    return (SORT.down ? -1 : 1) * (values[0] - values[1]) || one.order - other.order;
  });
}

function drawTable(rows, city, caption, again) {
  var columns = columnsOf(city);
  var head = columns.map(function (column) {
    var own = column.id === SORT.column;
    var button = make("button", {
      type: "button", "data-sort": column.id, title: say("sort", { column: column.label }),
      onclick: function () {
        SORT = { column: column.id, down: own ? !SORT.down : Boolean(column.number) && column.id !== "rank" };
        again(column.id);
      }
    }, [column.label, make("span", { "class": "arrow", "aria-hidden": "true" }, own ? (SORT.down ? " ▼" : " ▲") : "")]);
    return make("th", {
      scope: "col", "class": column.number ? "number" : null,
      "aria-sort": own ? (SORT.down ? "descending" : "ascending") : null
    }, button);
  });
  var body = sorted(rows, columns).map(function (row) {
    return make("tr", { "class": row.focus ? "own" : null, "data-unit": UNITS.key[row.unit] }, columns.map(function (column, at) {
      var kind = { "class": (column.number ? "number " : "") + (column.id === "verdict" && !row.focus ? "said " + row.verdict : "") || null };
      return at ? make("td", kind, column.text(row)) : make("th", { scope: "row" }, cityCell(row));
    }));
  });
  return make("div", { "class": "box", tabindex: "0", role: "region", "aria-label": say("table") }, make("table", { id: "figures" }, [
    make("caption", { "class": "hidden" }, caption),
    make("thead", {}, make("tr", {}, head)),
    make("tbody", {}, body)
  ]));
}

function cityCell(row) {
  var href = UNITS.href[row.unit];
  return href ? make("a", { href: href, title: say("profile", { city: row.name }) }, row.name) : row.name;
}
