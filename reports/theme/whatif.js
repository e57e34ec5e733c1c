"use strict";
/* The weights to move in the HTML edition. Plain functions of the data block beside it, by the rules of the engine:
   anchored additive value model, unknown answers earn nothing, gates and capabilities as they were found. */
(function () {
  const TIE = 1e-9;
  const MOST_WORK = 2e7;

  /** Criterion weights that sum to 1, from one figure per family; null where nothing has weight. */
  function criterionWeights(data, families) {
    const raw = data.criteria.map((item) => families[item.family] * item.share);
    return normalised(raw);
  }

  function normalised(raw) {
    const total = raw.reduce((sum, value) => sum + value, 0);
    return total > 0 ? raw.map((value) => value / total) : null;
  }

  function weighted(weights, values) {
    let sum = 0;
    for (let place = 0; place < weights.length; place += 1) sum += weights[place] * values[place];
    return 100 * sum;
  }

  /** Score, low, high and rank of every option, best first, ties by id. */
  function ranking(data, weights) {
    const rows = data.options.map((option, place) => ({
      place: place,
      score: weighted(weights, option.score),
      low: weighted(weights, option.low),
      high: weighted(weights, option.high),
      rank: 0,
    }));
    rows.sort((one, two) => (Math.abs(two.score - one.score) > TIE ? two.score - one.score : one.place - two.place));
    rows.forEach((row, place) => {
      const before = rows[place - 1];
      row.rank = before && Math.abs(before.score - row.score) <= TIE ? before.rank : place + 1;
    });
    return rows;
  }

  /** Fit by use case and option; null for a use case whose emphasis leaves no criterion any weight. */
  function fits(data, weights) {
    return data.useCases.map((useCase) => {
      const own = normalised(weights.map((weight, place) => weight * useCase.emphasis[place]));
      return own && data.options.map((option, place) => weighted(own, option.score) * useCase.factors[place]);
    });
  }

  function choose(count, size) {
    let result = 1;
    for (let place = 1; place <= size; place += 1) result = (result * (count - size + place)) / place;
    return result;
  }

  /** The allowed set of `size` options with the largest value, the first of equal ones in the order of ids. */
  function bestStack(data, values, size) {
    const count = data.options.length;
    const cases = values.length;
    const tops = Array.from({ length: size + 1 }, () => new Float64Array(cases));
    const members = [];
    let best = null;
    function add(depth, place) {
      for (let row = 0; row < cases; row += 1) {
        tops[depth + 1][row] = Math.max(tops[depth][row], values[row][place]);
      }
    }
    function consider(tools) {
      const value = tops[size].reduce((sum, top) => sum + top, 0);
      if (!best || value > best.value + TIE) best = { tools: tools.slice(), value: value };
    }
    function walk(first, depth) {
      if (depth === size) {
        if (data.required.every((place) => members.includes(place))) consider(members);
        return;
      }
      for (let place = first; place <= count - (size - depth); place += 1) {
        if (data.excluded.includes(place)) continue;
        add(depth, place);
        members.push(place);
        walk(place + 1, depth + 1);
        members.pop();
      }
    }
    if (data.sets) {
      // Which sets keep to the budget is not computed here; they are listed.
      for (const tools of data.sets[size]) {
        tools.forEach((place, depth) => add(depth, place));
        consider(tools);
      }
    } else {
      walk(0, 0);
    }
    return best;
  }

  /** The best stack of every size that can be tried here, and the recommended size by the policy. */
  function stacks(data, table) {
    const total = data.useCases.reduce((sum, useCase) => sum + useCase.importance, 0);
    const none = new Array(data.options.length).fill(0);
    const values = table.map((row, place) =>
      (row || none).map((fit) => (fit * data.useCases[place].importance) / total));
    const sizes = [];
    let complete = !data.moreSizes;
    for (const size of data.sizes) {
      if (choose(data.options.length, size) * values.length > MOST_WORK) {
        complete = false;
        break;
      }
      const best = bestStack(data, values, size);
      const below = sizes.length ? sizes[sizes.length - 1].value : 0;
      sizes.push({ size: size, tools: best.tools, value: best.value, gain: best.value - below });
    }
    return { sizes: sizes, recommended: recommended(sizes, data.minGain, complete) };
  }

  /** The smallest size of some value whose next tool adds less than the policy asks for; null where none is or it is not known. */
  function recommended(sizes, minGain, complete) {
    const first = sizes.findIndex((size) => size.value > TIE);
    if (first < 0) return null;
    for (let place = first; place + 1 < sizes.length; place += 1) {
      const gain = sizes[place + 1].gain;
      if (gain <= TIE || gain < minGain - TIE) return sizes[place].size;
    }
    return complete ? sizes[sizes.length - 1].size : null;
  }

  /** Everything that follows from one figure per family; null where nothing has weight. */
  function evaluate(data, families) {
    const weights = criterionWeights(data, families);
    if (!weights) return null;
    const table = data.sizes.length ? fits(data, weights) : [];
    return {
      weights: weights,
      options: ranking(data, weights),
      fits: table,
      stacks: data.sizes.length ? stacks(data, table) : { sizes: [], recommended: null },
    };
  }

  /** The largest difference between `found` and the printed figures. */
  function difference(data, found) {
    let most = 0;
    for (const row of found.options) {
      const printed = data.options[row.place].printed;
      most = Math.max(most, Math.abs(row.score - printed.score), Math.abs(row.low - printed.low),
        Math.abs(row.high - printed.high), Math.abs(row.rank - printed.rank));
    }
    found.stacks.sizes.forEach((size, place) => {
      most = Math.max(most, Math.abs(size.value - data.printed[place].value));
    });
    return most;
  }

  /** One decimal; a value exactly between two becomes the even one, as in the paper. */
  function points(value) {
    const settled = Math.round(value / TIE) * TIE;
    const tie = Math.abs(settled * 4 - Math.round(settled * 4)) <= TIE && Math.abs(Math.round(settled * 4) % 4) === 1;
    const text = (tie ? settled - Math.sign(settled) * 0.05 : settled).toFixed(1);
    return text === "-0.0" ? "0.0" : text.replace("-", "\u2212");
  }

  function start(document) {
    const section = document.getElementById("whatif");
    const data = JSON.parse(document.getElementById("whatif-data").textContent);
    const numbers = Array.from(section.querySelectorAll("input[type=number]"));
    const sliders = Array.from(section.querySelectorAll("input[type=range]"));
    const state = document.getElementById("whatif-state");

    /** A sentence of the paper's language with `values` put in for {name}. */
    function put(key, values) {
      return data.words[key].replace(/\{([a-z_]+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
    }

    function cell(row, kind, text, bold) {
      const made = document.createElement(kind);
      const inner = bold ? document.createElement("strong") : made;
      inner.textContent = text;
      if (bold) made.appendChild(inner);
      if (kind === "th") made.scope = "row";
      row.appendChild(made);
    }

    function fill(id, rows) {
      const body = document.getElementById(id);
      if (!body) return;
      body.textContent = "";
      for (const row of rows) body.appendChild(row);
    }

    function optionRow(item) {
      const option = data.options[item.place];
      const row = document.createElement("tr");
      cell(row, "td", String(item.rank), false);
      cell(row, "th", option.name, false);
      cell(row, "td", points(item.score), true);
      cell(row, "td", put("span", { low: points(item.low), high: points(item.high) }), false);
      cell(row, "td", option.printed.rank + ", " + points(option.printed.score), false);
      return row;
    }

    function stackRow(found, item, place) {
      const row = document.createElement("tr");
      const names = item.tools.map((tool) => data.options[tool].name).join(" + ");
      const chosen = item.size === found.recommended;
      if (chosen) row.className = "chosen";
      cell(row, "td", String(item.size), false);
      cell(row, "th", chosen ? put("by-the-rule", { tools: names }) : names, false);
      cell(row, "td", points(item.value), true);
      cell(row, "td", points(item.gain), false);
      cell(row, "td", points(data.printed[place].value), false);
      return row;
    }

    function sentence(families, found) {
      if (!found) return put("no-weight", {});
      const same = families.every((value, place) => value === data.families[place]);
      if (!same) {
        const lost = found.fits.filter((row) => row === null).length;
        const tail = lost ? " " + put("lost", { n: lost }) : "";
        return put("trial", {}) + tail;
      }
      return difference(data, found) <= TIE
        ? put("equal", {})
        : put("disagrees", {});
    }

    function update() {
      const families = numbers.map((input) => {
        const value = Number(input.value);
        return Number.isFinite(value) && value > 0 ? value : 0;
      });
      const found = evaluate(data, families);
      state.textContent = sentence(families, found);
      fill("whatif-options", found ? found.options.map(optionRow) : []);
      fill("whatif-stacks", found ? found.stacks.sizes.map((item, place) => stackRow(found.stacks, item, place)) : []);
    }

    function reset() {
      numbers.forEach((input, place) => {
        input.value = String(data.families[place]);
        sliders[place].value = input.value;
      });
      update();
    }

    numbers.forEach((input, place) => {
      input.addEventListener("input", () => {
        sliders[place].value = input.value;
        update();
      });
      sliders[place].addEventListener("input", () => {
        input.value = String(Math.round(Number(sliders[place].value) * 10) / 10);
        update();
      });
    });
    document.getElementById("whatif-reset").addEventListener("click", reset);
    section.hidden = false;
    reset();
  }

  if (typeof document === "undefined") module.exports = { evaluate: evaluate, difference: difference };
  else start(document);
})();
