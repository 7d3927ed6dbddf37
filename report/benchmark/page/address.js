// The state of the page, kept in the part of the address after "#", so that a link shares it.
function readAddress() {
  var given = {};
  location.hash.slice(1).split("&").forEach(function (pair) {
    var cut = pair.indexOf("=");
    if (cut > 0) given[pair.slice(0, cut)] = pair.slice(cut + 1);
  });
  var unknown = [];
  function decoded(text) {
    try { return decodeURIComponent(text); } catch (error) { return text; }
  }
  function known(text) {
    var name = decoded(text);
    if (PLACE.has(name)) return PLACE.get(name);
    if (name) unknown.push(name);
    return null;
  }
  function oneOf(value, all) {
    return all.some(function (each) { return each.id === value; }) ? value : null;
  }
  var unit = given.u === undefined ? null : known(given.u);
  var peers = given.p === undefined ? null : given.p.split(",").map(known)
    .filter(function (at, place, all) { return at !== null && at !== unit && all.indexOf(at) === place; })
    .slice(0, DATA.most);
  var first = DATA.groupings.length ? DATA.groupings[0].id : "none";
  return {
    unit: unit,
    peers: peers,
    basis: given.g === "none" ? "none" : oneOf(given.g, DATA.groupings) || first,
    indicator: oneOf(decoded(given.i || ""), DATA.indicators) || (SCORED ? DATA.indicators[0].id : null),
    audience: oneOf(decoded(given.a || ""), DATA.audiences) || (SCORED ? DATA.audiences[0].id : null),
    unknown: unknown
  };
}

function addressOf(state) {
  var named = function (at) { return encodeURIComponent(UNITS.key[at]); };
  var parts = [];
  if (state.unit !== null) parts.push("u=" + named(state.unit));
  if (state.peers !== null) parts.push("p=" + state.peers.map(named).join(","));
  else if (DATA.groupings.length && state.basis !== DATA.groupings[0].id) parts.push("g=" + state.basis);
  if (SCORED) {
    parts.push("i=" + encodeURIComponent(state.indicator));
    parts.push("a=" + encodeURIComponent(state.audience));
  }
  return "#" + parts.join("&");
}
