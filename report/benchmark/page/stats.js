// The normal tail after Numerical Recipes' erfc (relative error below 1.2e-7).
function twoSided(z) {
  var x = Math.abs(z) / Math.SQRT2;
  var t = 1 / (1 + x / 2);
  var terms = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
    0.37409196, 1.00002368, -1.26551223
  ];
  var sum = terms.reduce(function (value, term) { return value * t + term; }, 0);
  return Math.min(1, t * Math.exp(sum - x * x));
}

// Holm (1979): the smallest p times their number, the next times one fewer, never falling.
function holm(values) {
  var there = values.map(function (p, at) { return at; })
    .filter(function (at) { return values[at] !== null; })
    .sort(function (one, other) { return values[one] - values[other]; });
  var adjusted = values.map(function () { return null; });
  there.reduce(function (least, at, place) {
    adjusted[at] = Math.min(1, Math.max(least, values[at] * (there.length - place)));
    return adjusted[at];
  }, 0);
  return adjusted;
}

// Compares units with one of them. Each is {score, error}; so is the focus.
function compareWith(focus, others) {
  var judged = others.map(function (each) {
    if (focus.score === null || each.score === null || focus.error === null || each.error === null) {
      return { difference: null, error: null, p: null };
    }
    var difference = each.score - focus.score;
    var error = Math.hypot(each.error, focus.error);
    return { difference: difference, error: error, p: error > 0 ? twoSided(difference / error) : null };
  });
  var adjusted = holm(judged.map(function (each) { return each.p; }));
  return judged.map(function (each, at) {
    if (each.difference === null) return { difference: null, low: null, high: null, p: null, verdict: "unjudged" };
    var clear = each.error > 0 ? adjusted[at] <= 1 - DATA.level : each.difference !== 0;
    return {
      difference: each.difference,
      low: each.difference - DATA.z * each.error,
      high: each.difference + DATA.z * each.error,
      p: adjusted[at],
      verdict: !clear ? "none" : each.difference > 0 ? "higher" : "lower"
    };
  });
}

function quantile(sorted, share) {
  var place = share * (sorted.length - 1);
  var under = Math.floor(place);
  var over = Math.min(under + 1, sorted.length - 1);
  return sorted[under] + (sorted[over] - sorted[under]) * (place - under);
}
