// How far an answer can be trusted, where the weights have a score: after src/score (score.cpp, judge.cpp,
// stroke_signs.cpp) and src/inference (trust.cpp, stability.cpp), whose bounds and order these are.

const leastSure = 0.5;       // below this calibrated probability of the likeliest class the network is not sure
const surelyADigit = 0.1;    // of the judge's limit: a turned image has to be as far from it
const mostHoles = 2, mostPieces = 3;
const shownKinds = ["a digit", "a letter or a drawing", "several digits", "a blot or a texture", "something turned"];

const indexOfLargest = (values) => values.reduce((best, value, index) => (value > values[best] ? index : best), 0);

function calibrated(probabilities, temperature) {
  const logs = Array.from(probabilities, (each) => Math.log(Math.max(each, 1e-45))), top = Math.max(...logs);
  const powers = logs.map((each) => Math.exp((each - top) / temperature));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((each) => each / sum);
}

// What no digit's stroke looks like, without any network: a hint, or none.
function signsOfNoDigit({ rows, columns, values }) {
  const halfInk = 118, whole = 255;  // where preparation has the stroke's edge
  const ink = { rows, columns, values: values.map((each) => Math.round(whole * each)) };
  const paper = { rows, columns, values: ink.values.map((each) => whole - each) };
  const pieces = piecesOf(ink, halfInk).list;
  if (!pieces.length) return [];
  const pixels = pieces.reduce((sum, each) => sum + each.pixels, 0);
  const box = pieces.map((each) => each.box).reduce(around), area = box.rows * box.columns;
  const holes = piecesOf(paper, whole - halfInk + 1).list
    .filter((each) => !each.touchesBorder && 400 * each.pixels >= area).length;
  const parts = pieces.filter((each) => 50 * each.pixels >= pixels).length;
  if (holes > mostHoles) return [`Looks like no digit: its strokes enclose ${holes} places.`];
  return parts > mostPieces ? [`Looks like no digit: it is in ${parts} pieces.`] : [];
}

// Means over cells, so many a side, as large as each other: (row of cells, column of cells, map) of what lies as (row,
// column, map).
function cellMeans({ values, shape: { rows, columns, channels } }, cells) {
  const means = new Float32Array(cells * cells * channels);
  const begin = (cell, count) => Math.floor(cell * count / cells);
  const behind = (cell, count) => Math.ceil((cell + 1) * count / cells);
  for (let cell = 0; cell < cells * cells; ++cell) {
    const down = Math.floor(cell / cells), across = cell % cells;
    const top = begin(down, rows), bottom = behind(down, rows);
    const left = begin(across, columns), end = behind(across, columns);
    for (let map = 0; map < channels; ++map) {
      let sum = 0;
      for (let row = top; row < bottom; ++row)
        for (let column = left; column < end; ++column) sum += values[(row * columns + column) * channels + map];
      means[cell * channels + map] = sum / ((bottom - top) * (end - left));
    }
  }
  return means;
}

// A small network of one hidden layer, whose weights are whole numbers: the probability of each of shownKinds, of what
// the network's layers hold.
function makeJudge(judge, layers) {
  const numbers = (base64) => Int8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const first = numbers(judge.first), second = numbers(judge.second), kinds = shownKinds.length;
  const units = layers[layers.length - 2];
  const maps = layers.filter(({ type }) => type !== "flatten" && type !== "dense").pop();
  const cells = judge.map_features ? Math.round(Math.sqrt(judge.map_features / maps.shape.channels)) : 0;
  const inputs = first.length / judge.hidden - 1, biases = judge.hidden * inputs;
  const bytesOf = (values, full) => {
    const scale = Math.fround(255 / Math.fround(full));
    return Array.from(values, (value) => (value > 0 ? Math.floor(Math.min(value * scale, 255) + 0.5) : 0));
  };
  return () => {
    const bytes = bytesOf(units.values, judge.full);
    if (cells) bytes.push(...bytesOf(cellMeans(maps, cells), judge.full_map));
    const logits = Array.from({ length: kinds }, (_, kind) => second[kinds * judge.hidden + kind]);
    for (let unit = 0; unit < judge.hidden; ++unit) {
      let sum = 255 * first[biases + unit];
      for (let i = 0; i < inputs; ++i) sum += first[unit * inputs + i] * bytes[i];
      const active = Math.max(0, sum) / 255 * judge.first_scale;
      for (let kind = 0; kind < kinds; ++kind) logits[kind] += second[kind * judge.hidden + unit] * active;
    }
    const values = logits.map((each) => each * judge.second_scale);
    softmax(values);
    return values;
  };
}

// Images of an image (row, column) that is moved by `far` pixels: up, down, to the left and to the right.
function movedImages(pixels, rows, columns, far) {
  return [[far, 0], [-far, 0], [0, far], [0, -far]].map(([down, across]) =>
    Uint8Array.from(pixels, (_, at) => {
      const row = Math.floor(at / columns) + down, column = at % columns + across;
      return row >= 0 && row < rows && column >= 0 && column < columns ? pixels[row * columns + column] : 0;
    }));
}

// Turned by a quarter, of an image as high as wide.
function quarterTurned(pixels, side, toTheRight) {
  return Uint8Array.from(pixels, (_, at) => {
    const row = Math.floor(at / side), column = at % side;
    return toTheRight ? pixels[(side - 1 - column) * side + row] : pixels[column * side + side - 1 - row];
  });
}

// `score` as nib keeps it with weights. `look` asks the network several times: it tells of an answer { image, stroke,
// probabilities } the calibrated probability of the likeliest class, how likely it is no digit, and hints.
function makeTrust(score, network) {
  const { rows, columns, classify } = network, judge = score.judge && makeJudge(score.judge, network.layers);
  const verdictOn = (image) => {
    classify(image);
    const others = judge().slice(1);
    return { noDigit: others.reduce((one, other) => one + other, 0), shown: 1 + indexOfLargest(others) };
  };

  const judged = (image, stroke) => {
    const { noDigit, shown } = verdictOn(image), hints = signsOfNoDigit(stroke);
    if (!(noDigit > score.most_none)) return { noDigit, hints };
    hints.push(`Looks like no single digit, more like ${shownKinds[shown]}.`);
    const looksLikeADigit = (toTheRight) =>
      verdictOn(quarterTurned(image, rows, toTheRight)).noDigit <= surelyADigit * score.most_none;
    const upright = rows === columns ? [true, false].find(looksLikeADigit) : undefined;
    if (upright !== undefined)
      hints.push(`May be turned: by a quarter to the ${upright ? "right" : "left"} it looks like a digit.`);
    return { noDigit, hints };
  };

  const isStable = (image, probabilities) => {
    const side = Math.min(rows, columns), far = Math.max(1, Math.floor(side / 28)), own = indexOfLargest(probabilities);
    if (side < 20) return true;
    const all = movedImages(image, rows, columns, far).map((moved) => classify(moved)[own]);
    return all.reduce((sum, each) => sum + each, probabilities[own]) / (all.length + 1) >= leastSure;
  };

  const look = ({ image, stroke, probabilities }) => {
    const probability = Math.max(...calibrated(probabilities, score.temperature));
    const trust = { probability, ...(judge ? judged(image, stroke) : { hints: [] }) };
    if (probability < leastSure) trust.hints.push("The network is not sure.");
    else if (!isStable(image, probabilities))
      trust.hints.push("The answer is not stable: it changes where the drawing is moved by a little.");
    return trust;
  };
  return { look };
}
