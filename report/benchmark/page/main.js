var STATE = null;

function settled(state) {
  if (!SCORED || columnOf(state.indicator, state.audience)) return state;
  var other = DATA.audiences.find(function (each) { return columnOf(state.indicator, each.id); });
  return Object.assign({}, state, { audience: other.id });
}

// A change of the state is a change of the address, so that "back" undoes it.
function go(change) {
  var next = settled(Object.assign({}, STATE, { unknown: [] }, change));
  var address = addressOf(next);
  STATE = next;
  if (address !== location.hash) location.hash = address;
  show();
}

function follow() {
  var read = settled(readAddress());
  if (STATE && addressOf(read) === addressOf(STATE) && !read.unknown.length) return;
  STATE = read;
  show();
}

function rowsOf(state) {
  var column = SCORED ? columnOf(state.indicator, state.audience) : null;
  var focus = figuresOf(state.unit, column);
  var peers = shownPeers(state).map(function (unit) { return figuresOf(unit, column); });
  var judged = compareWith(focus, peers);
  var rows = peers.map(function (peer, at) {
    var found = judged[at];
    return Object.assign(peer, {
      difference: found.difference, differenceLow: found.low, differenceHigh: found.high,
      p: found.p, verdict: found.verdict
    });
  });
  rows.unshift(Object.assign(focus, { focus: true, difference: 0, differenceLow: null, differenceHigh: null, p: null, verdict: "self" }));
  rows.forEach(function (row) { row.name = UNITS.name[row.unit]; });
  rows.sort(function (one, other) {
    if (!SCORED) return gradeOrder(one) - gradeOrder(other) || one.unit - other.unit;
    if (one.score === null || other.score === null) return (one.score === null) - (other.score === null);
    return other.score - one.score || one.unit - other.unit;
  });
  rows.forEach(function (row, at) { row.order = at; });
  return rows;
}

function gradeOrder(row) {
  var rank = gradeRank(row.unit);
  return rank === null ? DATA.grades.order.length : rank;
}

function comparisonSaid(rows, city) {
  var others = rows.filter(function (row) { return !row.focus; });
  if (!others.length) return say("no_peers");
  var parts = ["higher", "lower", "none", "unjudged"].map(function (verdict) {
    var names = others.filter(function (row) { return row.verdict === verdict; }).map(function (row) { return row.name; });
    if (!names.length) return null;
    var one = names.length === 1 && (verdict === "higher" || verdict === "lower") ? "_one" : "";
    return say("said_" + verdict + one, { names: listed(names), city: city });
  }).filter(Boolean);
  var told = say("sentence", { parts: parts.join(say("join")) });
  told = told[0].toUpperCase() + told.slice(1);
  var tests = others.filter(function (row) { return row.p !== null; }).length;
  if (!tests) return told;
  var alpha = String(Math.round((1 - DATA.level) * 1000) / 1000);
  var note = tests > 1 ? say("holm", { n: tests, alpha: alpha }) : say("holm_one", { alpha: alpha });
  return told + (/[.]$/.test(told) ? " " : "") + note;
}

function tile(label, figure, note) {
  return make("div", { "class": "tile" }, [make("dt", {}, label), make("dd", {}, [make("strong", {}, figure), note ? make("span", {}, note) : null])]);
}

function summary(state, focus, field) {
  var grade = DATA.grades.grade[state.unit];
  var p = DATA.grades.p[state.unit];
  var tiles = [];
  if (SCORED) {
    tiles.push(tile(
      say("score"), focus.score === null ? "—" : fixed(focus.score),
      focus.low === null ? null : say("interval", { level: percent(DATA.level) }) + " " + between(fixed(focus.low), fixed(focus.high))
    ));
    tiles.push(tile(
      say("rank"), focus.rank === null ? "—" : say("rank_of", { rank: focus.rank, n: field.length }),
      focus.rankLow === null ? null : say("interval", { level: percent(DATA.level) }) + " " + between(focus.rankLow, focus.rankHigh)
    ));
  }
  if (grade) tiles.push(tile(say("grade"), grade, p === null ? null : say("p_grade", { p: percent(p) })));
  return make("dl", { "class": "tiles" }, tiles);
}

function drawing(rows, field, title) {
  var holder = make("div", { "class": "chart" });
  var drawn = 0;
  function draw(width) {
    width = Math.max(280, Math.floor(width));
    if (width === drawn) return;
    drawn = width;
    fill(holder, [drawChart(width, rows, field, title)]);
  }
  if (WATCH) WATCH.disconnect();
  WATCH = new ResizeObserver(function (entries) { draw(entries[0].contentRect.width); });
  WATCH.observe(holder);
  return make("figure", {}, [holder, legend(), make("figcaption", {}, say("legend", { level: percent(DATA.level) }))]);
}
var WATCH = null;

function actions(rows, state) {
  var copy = make("button", { type: "button", id: "copy", onclick: function () { copyLink(copy); } }, say("copy"));
  return make("p", { "class": "actions" }, [
    copy,
    make("button", { type: "button", id: "download", onclick: function () { download(rows, state); } }, say("download")),
    make("button", { type: "button", onclick: function () { window.print(); } }, say("print"))
  ]);
}

function startHere() {
  return make("div", { "class": "start" }, [
    make("p", {}, say("start")),
    make("p", { "class": "examples" }, UNITS.key.slice(0, 6).map(function (key, at) {
      return make("button", { type: "button", onclick: function () { go({ unit: at }); } }, UNITS.name[at]);
    }))
  ]);
}

function show() {
  showControls(STATE, go);
  byId("message").hidden = !STATE.unknown.length;
  byId("message").textContent = STATE.unknown.length ? say("unknown", { names: listed(STATE.unknown) }) : "";
  document.title = (STATE.unit === null ? "" : UNITS.name[STATE.unit] + " · ") + say("page") + " — " + DATA.title;
  if (STATE.unit === null) {
    fill(byId("result"), [startHere()]);
    return;
  }
  var rows = rowsOf(STATE);
  var city = UNITS.name[STATE.unit];
  var focus = rows.find(function (row) { return row.focus; });
  var field = SCORED ? fieldOf(columnOf(STATE.indicator, STATE.audience)) : [];
  var title = SCORED
    ? say("title", { indicator: nameOf(DATA.indicators, STATE.indicator), audience: nameOf(DATA.audiences, STATE.audience), city: city })
    : say("title_grades", { city: city });
  var said = !SCORED ? null : focus.score === null
    ? say("no_score_here", { name: city })
    : comparisonSaid(rows, city);
  function table() {
    return SCORED ? drawTable(rows, city, title, function (id) {
      byId("figures").parentNode.replaceWith(table());
      byId("figures").querySelector("[data-sort=" + id + "]").focus();
    }) : gradeRows(rows);
  }
  var href = UNITS.href[STATE.unit];
  fill(byId("result"), [
    make("div", { "class": "heading" }, [
      make("h2", {}, title),
      href ? make("a", { "class": "profile", href: href }, say("profile", { city: city })) : null
    ]),
    summary(STATE, focus, field),
    SCORED ? drawing(rows, field, title) : null,
    said ? make("p", { id: "said" }, said) : null,
    SCORED ? make("h3", {}, say("table")) : null,
    table(),
    actions(rows, STATE)
  ]);
  spoken([city, SCORED && focus.score !== null ? figuresSaid(focus) : "", said].filter(Boolean).join(". "));
}

buildControls(function () { return STATE; }, go);
window.addEventListener("hashchange", follow);
follow();
