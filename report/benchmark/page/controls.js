// The choices: city, indicator, audience, peers. Each change goes through `go`.
var CITY, ADD;

function shownPeers(state) {
  return state.peers !== null ? state.peers : state.unit === null ? [] : nearest(state.unit, state.basis);
}

function buildControls(current, go) {
  var hint = UNITS.sound.some(Boolean) ? say("city_hint") : say("any_hint");
  CITY = combobox(byId("city-field"), "city", say("city"), hint, function (unit) {
    go({ unit: unit, peers: current().peers && current().peers.filter(function (at) { return at !== unit; }) });
    CITY.value = UNITS.name[unit];
  }, function () { return []; });
  ADD = combobox(byId("add-field"), "add", say("add"), hint, function (unit) {
    var peers = shownPeers(current());
    if (peers.length >= DATA.most) spoken(say("full", { n: DATA.most }));
    else go({ peers: peers.concat(unit) });
    ADD.focus();
  }, function () { return shownPeers(current()).concat(current().unit); });
  byId("controls").addEventListener("submit", function (event) { event.preventDefault(); });
  fill(byId("basis"), DATA.groupings.map(function (each) {
    return make("option", { value: each.id }, say("basis_group", { factor: each.name }));
  }).concat(make("option", { value: "none" }, say("basis_none"))));
  byId("basis").addEventListener("change", function (event) { go({ basis: event.target.value, peers: null }); });
  if (!SCORED) return;
  fill(byId("indicator"), DATA.indicators.map(function (each) {
    return make("option", { value: each.id }, "\u3000".repeat(Math.max(0, each.level - 1)) + each.name);
  }));
  byId("indicator").addEventListener("change", function (event) { go({ indicator: event.target.value }); });
  fill(byId("audience"), DATA.audiences.map(function (each) {
    return make("label", {}, [
      make("input", {
        type: "radio", name: "audience", value: each.id,
        onchange: function () { go({ audience: each.id }); }
      }),
      make("span", {}, each.name)
    ]);
  }));
}

function showControls(state, go) {
  if (state.unit !== null && document.activeElement !== CITY) CITY.value = UNITS.name[state.unit];
  if (state.unit === null) CITY.value = "";
  byId("peers-field").hidden = state.unit === null;
  byId("basis").value = state.basis;
  if (SCORED) {
    byId("indicator").value = state.indicator;
    Array.prototype.forEach.call(document.getElementsByName("audience"), function (radio) {
      radio.checked = radio.value === state.audience;
      radio.disabled = !columnOf(state.indicator, radio.value);
      radio.parentNode.title = radio.disabled ? say("not_by_audience") : "";
    });
  }
  if (state.unit === null) return;
  var peers = shownPeers(state);
  fill(byId("chips"), peers.map(function (unit, at) {
    return make("li", {}, [UNITS.name[unit], make("button", {
      type: "button", "aria-label": say("remove", { name: UNITS.name[unit] }),
      onclick: function () {
        go({ peers: peers.filter(function (each) { return each !== unit; }) });
        var left = byId("chips").querySelectorAll("button");
        (left[Math.min(at, left.length - 1)] || ADD).focus();
      }
    }, make("span", { "aria-hidden": "true" }, "×"))]);
  }).concat(state.peers === null ? null : make("li", { "class": "reset" }, make("button", {
    type: "button", onclick: function () { go({ peers: null }); ADD.focus(); }
  }, say("clear")))));
  byId("add-field").hidden = peers.length >= DATA.most;
  byId("rule").textContent = ruleSaid(state, peers);
}

function ruleSaid(state, peers) {
  if (state.peers !== null) return say("rule_own");
  var group = groupOf(state.unit, state.basis);
  var end = SCORED ? "" : "_grades";
  if (group === null) return say("rule_all" + end, { n: peers.length });
  return say("rule_group" + end, { factor: groupingOf(state.basis).name, group: group, n: peers.length });
}
