// Dots with intervals, the whole field as a strip above and a band behind.
var ROW = { wide: 40, narrow: 56 };
var STRIP = 30;

function scaleFor(field, rows) {
  var ends = field.slice(0, 1).concat(field.slice(-1));
  rows.forEach(function (row) { if (row.low !== null) ends.push(row.low, row.high); });
  var low = Math.min.apply(null, ends);
  var high = Math.max.apply(null, ends);
  var step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].find(function (each) { return (high - low) / each <= 6; }) || 200;
  var from = Math.max(0, Math.floor(low / step) * step);
  var to = Math.min(DATA.best, Math.ceil(high / step - 1e-9) * step);
  if (to <= from) to = from + step;
  var ticks = [];
  for (var at = Math.round(from / step); at * step <= to + 1e-9; at += 1) ticks.push(at * step);
  return { from: from, to: to, ticks: ticks, digits: step < 1 ? 1 : 0 };
}

function line(x1, y1, x2, y2, kind) {
  return make("line", { x1: x1, y1: y1, x2: x2, y2: y2, "class": kind });
}

function words(x, y, text, kind, anchor) {
  return make("text", { x: x, y: y, "class": kind, "text-anchor": anchor || "start" }, text);
}

function drawChart(width, rows, field, title) {
  var narrow = width < 560;
  var height = narrow ? ROW.narrow : ROW.wide;
  var longest = Math.max.apply(null, rows.map(function (row) { return textWidth(row.name); }));
  var left = narrow ? 12 : Math.min(220, Math.max(110, longest + 28));
  var right = narrow ? 12 : 200;
  var top = narrow ? 62 : 52;
  var bottom = top + rows.length * height + 8;
  var axis = scaleFor(field, rows);
  var place = function (value) {
    return left + (width - left - right) * (value - axis.from) / (axis.to - axis.from);
  };
  var mean = field.reduce(function (sum, value) { return sum + value; }, 0) / field.length;
  var parts = [make("title", {}, title)];
  parts.push(make("rect", {
    x: place(quantile(field, 0.25)), y: top - STRIP, height: bottom - top + STRIP, "class": "middle",
    width: Math.max(1, place(quantile(field, 0.75)) - place(quantile(field, 0.25)))
  }));
  axis.ticks.forEach(function (tick) {
    parts.push(line(place(tick), top, place(tick), bottom, "grid"));
    parts.push(words(place(tick), bottom + 18, fixed(tick, axis.digits), "tick", "middle"));
  });
  field.forEach(function (value) {
    parts.push(line(place(value), top - STRIP + 4, place(value), top - 6, "unit"));
  });
  parts.push(line(place(mean), top - STRIP, place(mean), bottom, "mean"));
  var meanAt = place(mean);
  var nearEnd = meanAt > width - 110;
  parts.push(words(nearEnd ? meanAt - 4 : meanAt + 4, top - STRIP - 5, say("mean", { mean: fixed(mean) }), "note", nearEnd ? "end" : "start"));
  if (narrow) parts.push(words(left, 13, say("field", { n: field.length }), "note"));
  else parts.push(words(left - 14, top - 11, say("field_short", { n: field.length }), "note", "end"));
  var focus = rows.find(function (row) { return row.focus; });
  if (focus && focus.score !== null) parts.push(line(place(focus.score), top - STRIP, place(focus.score), bottom, "here"));
  rows.forEach(function (row, at) {
    parts.push(drawRow(row, {
      y: top + at * height, height: height, narrow: narrow, left: left, width: width, place: place
    }));
  });
  return make("svg", {
    viewBox: "0 0 " + width + " " + (bottom + 26), width: width, height: bottom + 26, role: "img",
    "aria-label": title
  }, parts);
}

function drawRow(row, at) {
  var middle = at.y + (at.narrow ? at.height - 18 : at.height / 2);
  var parts = [];
  if (row.focus) {
    parts.push(make("rect", { x: 0, y: at.y, width: at.width, height: at.height, rx: 4, "class": "own" }));
  }
  var base = at.narrow ? at.y + 19 : middle + 5;
  var kind = row.focus ? "name focus" : "name";
  parts.push(at.narrow ? words(at.left, base, row.name, kind) : words(at.left - 14, base, row.name, kind, "end"));
  if (row.score === null) {
    parts.push(words(at.narrow ? at.width - at.left : at.width - 188, base, say("no_score"), "figure", at.narrow ? "end" : "start"));
    return make("g", { "class": "row" }, parts);
  }
  var said = at.narrow ? figuresSaid(row) : rankSaid(row);
  if (!at.narrow) parts.push(words(at.width - 188, base, fixed(row.score), kind.replace("name", "figure strong")));
  parts.push(words(at.width - (at.narrow ? at.left : 8), base, said, "figure", "end"));
  var mark = "mark " + (row.focus ? "focus" : row.verdict === "higher" || row.verdict === "lower" ? "clear" : "alike");
  if (row.low !== null) {
    parts.push(line(at.place(row.low), middle, at.place(row.high), middle, mark + " bar"));
  }
  parts.push(make("circle", { cx: at.place(row.score), cy: middle, r: row.focus ? 7.5 : 5.5, "class": mark + " dot" }));
  return make("g", { "class": "row", "data-unit": UNITS.key[row.unit] }, parts);
}

function rankSaid(row) {
  if (row.rank === null) return "";
  var rank = say("rank_short", { rank: row.rank });
  return row.rankLow === null ? rank : rank + " (" + row.rankLow + "–" + row.rankHigh + ")";
}

function figuresSaid(row) {
  return fixed(row.score) + (row.rank === null ? "" : " · " + rankSaid(row));
}

var RULER = null;
function textWidth(text) {
  if (!RULER) {
    RULER = document.createElement("canvas").getContext("2d");
    RULER.font = "16px " + getComputedStyle(document.body).fontFamily;
  }
  return RULER.measureText(text).width;
}

function legend() {
  function key(kind, text) {
    var mark = make("svg", { width: 30, height: 16, viewBox: "0 0 30 16", "aria-hidden": "true" }, [
      line(2, 8, 28, 8, "mark " + kind + " bar"),
      make("circle", { cx: 15, cy: 8, r: kind === "focus" ? 6.5 : 5, "class": "mark " + kind + " dot" })
    ]);
    return make("li", {}, [mark, say(text)]);
  }
  return make("ul", { "class": "legend" }, [
    key("focus", "key_focus"), key("clear", "key_clear"), key("alike", "key_none")
  ]);
}
