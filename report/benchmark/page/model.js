var UNITS = DATA.units;
var COUNT = UNITS.key.length;
var SCORED = DATA.indicators.length > 0;
var PLACE = new Map(UNITS.key.map(function (key, at) { return [key, at]; }));

function columnOf(indicator, audience) {
  var column = DATA.columns[audience];
  return (column && column[indicator]) || null;
}

// What is known of one unit in one column; every figure null where it is missing.
function figuresOf(unit, column) {
  var none = { unit: unit, score: null, low: null, high: null, error: null, rank: null, rankLow: null, rankHigh: null, n: null };
  if (!column || column.s[unit] === null) return none;
  var score = column.s[unit] / DATA.precision;
  var known = column.l[unit] !== null && column.e[unit] !== null;
  var arms = known ? [column.l[unit] / DATA.precision, column.h[unit] / DATA.precision] : null;
  var rank = column.r[unit];
  return {
    unit: unit,
    score: score,
    low: known ? score - arms[0] : null,
    high: known ? score + arms[1] : null,
    error: known ? Math.max(column.e[unit] / DATA.precision, Math.max(arms[0], arms[1]) / DATA.z) : null,
    rank: rank,
    rankLow: rank === null || column.a[unit] === null ? null : rank - column.a[unit],
    rankHigh: rank === null || column.b[unit] === null ? null : rank + column.b[unit],
    n: column.n[unit]
  };
}

function fieldOf(column) {
  return column.s.filter(function (value) { return value !== null; })
    .map(function (value) { return value / DATA.precision; })
    .sort(function (one, other) { return one - other; });
}

function gradeRank(unit) {
  var at = DATA.grades.order.indexOf(DATA.grades.grade[unit]);
  return at < 0 ? null : at;
}

// The rank by which peers are near: of the total where there is one, else of the grade.
function standing(unit) {
  var column = columnOf("total", "all");
  return column ? column.r[unit] : gradeRank(unit);
}

function groupingOf(basis) {
  return DATA.groupings.find(function (each) { return each.id === basis; }) || null;
}

function groupOf(unit, basis) {
  var grouping = groupingOf(basis);
  var at = grouping ? grouping.of[unit] : -1;
  return at < 0 ? null : grouping.groups[at];
}

// The default peers: alike in the grouping, nearest in standing, the better first where as near.
function nearest(unit, basis) {
  var own = standing(unit);
  var grouping = groupingOf(basis);
  return UNITS.key.map(function (key, at) { return at; })
    .filter(function (at) {
      return at !== unit && standing(at) !== null &&
        (!grouping || (grouping.of[at] >= 0 && grouping.of[at] === grouping.of[unit]));
    })
    .sort(function (one, other) {
      var far = own === null ? 0 : Math.abs(standing(one) - own) - Math.abs(standing(other) - own);
      return far || standing(one) - standing(other) || one - other;
    })
    .slice(0, DATA.peers);
}

function plain(text) {
  return text.normalize("NFC").toLowerCase().replace(/ü/g, "v").normalize("NFKD")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

var SPELT = UNITS.key.map(function (key, at) {
  var sounds = UNITS.sound[at].split(" ").filter(Boolean);
  var names = [key, UNITS.name[at]].concat(UNITS.also[at]).map(plain);
  var sound = plain(sounds.join(""));
  if (sound.indexOf("v") >= 0) names.push(sound.replace(/v/g, "u"));
  return {
    names: names,
    sound: sound,
    initials: sounds.map(function (sound) { return sound[0]; }).join("")
  };
});

// How well a text means a unit, 0 the best; null where it does not.
function likeness(spelt, text) {
  if (spelt.names.indexOf(text) >= 0) return 0;
  if (spelt.names.some(function (name) { return name.indexOf(text) === 0; })) return 1;
  if (spelt.sound === text) return 2;
  if (spelt.initials === text) return 3;
  if (spelt.sound && spelt.sound.indexOf(text) === 0) return 4;
  if (spelt.initials && spelt.initials.indexOf(text) === 0) return 5;
  if (spelt.names.some(function (name) { return name.indexOf(text) > 0; })) return 6;
  return null;
}

function search(text, without, most) {
  var wanted = plain(text);
  if (!wanted) return [];
  return SPELT.map(function (spelt, at) { return { at: at, fit: likeness(spelt, wanted) }; })
    .filter(function (each) { return each.fit !== null && without.indexOf(each.at) < 0; })
    .sort(function (one, other) {
      return one.fit - other.fit || SPELT[one.at].sound.length - SPELT[other.at].sound.length || one.at - other.at;
    })
    .slice(0, most)
    .map(function (each) { return each.at; });
}
