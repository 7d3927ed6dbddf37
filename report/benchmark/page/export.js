// A cell of text that a spreadsheet would take for a formula is kept a text by an apostrophe.
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(Math.round(value * 1e6) / 1e6);
  var text = /^[=+\-@\t\r\n]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

function csvOf(rows, state) {
  var names = [say("city"), say("grade")];
  var scored = [
    say("column_indicator"), say("column_audience"), say("score"), say("column_low"), say("column_high"),
    say("rank"), say("column_rank_low"), say("column_rank_high"), say("difference", { city: UNITS.name[state.unit] }),
    say("column_difference_low"), say("column_difference_high"), say("column_p"), say("verdict"), say("n")
  ];
  var head = names.concat(SCORED ? scored : [], DATA.simulated ? [say("column_simulated")] : []);
  var lines = rows.map(function (row) {
    var figures = SCORED ? [
      nameOf(DATA.indicators, state.indicator), nameOf(DATA.audiences, state.audience), row.score, row.low, row.high,
      row.rank, row.rankLow, row.rankHigh, row.focus ? null : row.difference,
      row.focus ? null : row.differenceLow, row.focus ? null : row.differenceHigh,
      row.focus ? null : row.p, say(row.focus ? "self" : row.verdict), row.n
    ] : [];
    var own = [row.name, DATA.grades.grade[row.unit] || ""];
    return own.concat(figures, DATA.simulated ? ["true"] : []);
  });
  return "\ufeff" + [head].concat(lines).map(function (cells) { return cells.map(csvCell).join(","); }).join("\r\n") + "\r\n";
}

function download(rows, state) {
  var place = URL.createObjectURL(new Blob([csvOf(rows, state)], { type: "text/csv;charset=utf-8" }));
  var name = [say("file"), UNITS.name[state.unit], state.indicator, state.audience].filter(Boolean).join("-");
  var link = make("a", { href: place, download: name.replace(/[\\/:*?"<>|\s]+/g, "_") + ".csv" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(function () { URL.revokeObjectURL(place); }, 1000);
}

function copyLink(button) {
  function told(key) {
    spoken(say(key));
    button.textContent = say(key);
    setTimeout(function () { button.textContent = say("copy"); }, 2500);
  }
  function byHand() {
    var field = make("textarea", { "class": "hidden", readonly: true, "aria-hidden": "true", tabindex: "-1" }, location.href);
    document.body.append(field);
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    button.focus();
    told(done ? "copied" : "copy_failed");
  }
  if (!navigator.clipboard) { byHand(); return; }
  navigator.clipboard.writeText(location.href).then(function () { told("copied"); }, byHand);
}

function nameOf(all, id) {
  var held = all.find(function (each) { return each.id === id; });
  return held ? held.name : "";
}
