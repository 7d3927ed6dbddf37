// The page of an edition with grades only: each city's grade on the row of all grades.
function gradeRows(rows) {
  var counts = DATA.grades.order.map(function (grade) {
    return DATA.grades.grade.filter(function (each) { return each === grade; }).length;
  });
  var most = Math.max.apply(null, counts);
  var head = make("tr", {}, [make("th", { scope: "col" }, say("city"))].concat(
    DATA.grades.order.map(function (grade, at) {
      return make("th", { scope: "col" }, [
        make("span", { "class": "pillar", "aria-hidden": "true", style: "height:" + Math.round(4 + 40 * counts[at] / most) + "px" }),
        make("span", {}, grade),
        make("span", { "class": "count" }, counts[at])
      ]);
    })
  ));
  var body = rows.map(function (row) {
    return make("tr", { "class": row.focus ? "own" : null, "data-unit": UNITS.key[row.unit] }, [
      make("th", { scope: "row" }, row.name)
    ].concat(DATA.grades.order.map(function (grade) {
      var held = grade === DATA.grades.grade[row.unit];
      return make("td", {}, held ? make("span", { "class": "held" }, grade) : null);
    })));
  });
  return make("div", { "class": "box", tabindex: "0", role: "region", "aria-label": say("table") }, make("table", { "class": "gradeline" }, [
    make("caption", { "class": "hidden" }, say("grade")),
    make("thead", {}, head),
    make("tbody", {}, body)
  ]));
}
