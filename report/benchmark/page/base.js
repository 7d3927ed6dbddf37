var DATA = window.BENCHMARK;

function say(key, values) {
  return DATA.words[key].replace(/\{(\w+)\}/g, function (whole, name) {
    return values && name in values ? String(values[name]) : whole;
  });
}

// Makes an element; texts become text nodes only, so that no name is ever read as markup.
function make(tag, attributes, children) {
  var svg = /^(svg|g|line|circle|rect|text|title|desc|path)$/.test(tag);
  var made = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) {
    var value = attributes[name];
    if (value === null || value === undefined || value === false) return;
    if (name.slice(0, 2) === "on") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  });
  [].concat(children === undefined ? [] : children).forEach(function (child) {
    if (child === null || child === undefined) return;
    made.append(child instanceof Node ? child : String(child));
  });
  return made;
}

function fill(parent, children) {
  parent.replaceChildren.apply(parent, children.filter(Boolean));
}

function byId(id) {
  return document.getElementById(id);
}

function fixed(value, digits) {
  if (value === null) return "—";
  var text = value.toFixed(digits === undefined ? 2 : digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

function signed(value) {
  return (value > 0 && Number(value.toFixed(2)) !== 0 ? "+" : "") + fixed(value);
}

function percent(share) {
  if (share > 0.995 && share < 1) return ">99%";
  if (share > 0 && share < 0.005) return "<1%";
  return Math.round(100 * share) + "%";
}

function between(low, high) {
  return say("between", { low: low, high: high });
}

function listed(names) {
  if (names.length < 2) return names.join("");
  return names.slice(0, -1).join(say("comma")) + say("and") + names[names.length - 1];
}
