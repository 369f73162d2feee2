// Which ink is the digit, after levels.cpp, components.cpp and stroke.cpp of src/images/preparation. A canvas has one
// paper and no shadows, so that what these find out about paper is known here; the rest is the same.

const bins = 1024;
const binOf = (strength) => Math.floor(clamp(strength, 0, 1) * (bins - 1) + 0.5);

// The first bin of the upper of two classes, where the variance between them is largest (Otsu 1979).
function otsu(histogram) {
  let all = 0, allWeighted = 0;
  for (let bin = 0; bin < bins; ++bin) {
    all += histogram[bin];
    allWeighted += bin * histogram[bin];
  }
  let lower = 0, lowerWeighted = 0, most = -1, best = 0;
  for (let bin = 0; bin < bins; ++bin) {
    const upper = all - lower;
    if (lower > 0 && upper > 0) {
      const distance = lowerWeighted / lower - (allWeighted - lowerWeighted) / upper;
      const apart = lower * upper * distance * distance;
      if (apart > most) {
        most = apart;
        best = bin;
      }
    }
    lower += histogram[bin];
    lowerWeighted += bin * histogram[bin];
  }
  return best;
}

// The ink of the stroke's core and of its edge; null where there is none.
function inkLevels(ink) {
  const faint = 0.06, edgeOfCore = 0.46, weakestCore = 0.12;
  const histogram = new Float64Array(bins);
  for (let i = 0; i < ink.values.length; ++i) if (ink.values[i] > faint) ++histogram[binOf(ink.values[i])];
  let count = 0, sum = 0;
  for (let bin = otsu(histogram); bin < bins; ++bin) {
    count += histogram[bin];
    sum += histogram[bin] * bin / (bins - 1);
  }
  const core = count > 0 ? Math.fround(sum / count) : 0, threshold = Math.max(edgeOfCore * core, faint);
  return core < weakestCore ? null : { core, threshold };
}

// Pixels of at least `threshold` that hang together, also by corners: a list of pieces, and for each pixel 0 or the
// number of its piece, from 1.
function piecesOf(ink, threshold) {
  const { rows, columns, values } = ink;
  const labels = new Uint32Array(values.length), list = [], waiting = [];
  for (let begin = 0; begin < values.length; ++begin) {
    if (labels[begin] || values[begin] < threshold) continue;
    let top = rows, bottom = 0, left = columns, right = 0, pixels = 0;
    labels[begin] = list.length + 1;
    waiting.push(begin);
    while (waiting.length) {
      const at = waiting.pop(), row = Math.floor(at / columns), column = at - row * columns;
      ++pixels;
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      for (let y = Math.max(0, row - 1); y < Math.min(rows, row + 2); ++y)
        for (let x = Math.max(0, column - 1); x < Math.min(columns, column + 2); ++x) {
          const next = y * columns + x;
          if (labels[next] || values[next] < threshold) continue;
          labels[next] = list.length + 1;
          waiting.push(next);
        }
    }
    list.push({ pixels, box: { row: top, column: left, rows: bottom - top, columns: right - left },
                touchesBorder: top === 0 || left === 0 || bottom === rows || right === columns });
  }
  return { list, labels };
}

const speck = 0.025;          // of the largest piece's pixels: smaller pieces are dirt
const anotherDigit = 0.3;     // of the largest piece's pixels: as large as a digit of its own
const nearby = 0.25;          // of the stroke's larger side
const beside = 0.1;           // of the stroke's larger side: less is a stroke that broke
const sizeOffBorder = 0.15;   // of the picture's smaller side: large enough for a digit

const largerSide = (box) => Math.max(box.rows, box.columns);

function around(one, other) {
  const row = Math.min(one.row, other.row), column = Math.min(one.column, other.column);
  return { row, column, rows: Math.max(one.row + one.rows, other.row + other.rows) - row,
           columns: Math.max(one.column + one.columns, other.column + other.columns) - column };
}

const gap = (first, length, other, otherLength) => Math.max(0, other - first - length, first - other - otherLength);
const columnGap = (one, other) => gap(one.column, one.columns, other.column, other.columns);
const boxGap = (one, other) => Math.max(gap(one.row, one.rows, other.row, other.rows), columnGap(one, other));

// Whether at least half of the rows of the lower box are rows of the other.
function onOneLine(one, other) {
  const rows = Math.min(one.row + one.rows, other.row + other.rows) - Math.max(one.row, other.row);
  return rows > 0 && 2 * rows >= Math.min(one.rows, other.rows);
}

// The piece that the digit is built around: one inside the picture before one at its border.
function mainPiece(pieces, side) {
  const larger = (best, each) => (best === undefined || each.pixels > best.pixels ? each : best);
  const biggest = pieces.reduce(larger);
  const inside = pieces.filter((each) => !each.touchesBorder).reduce(larger, undefined);
  if (!inside) return biggest;
  const digit = inside.pixels > anotherDigit * biggest.pixels || largerSide(inside.box) > sizeOffBorder * side;
  return digit ? inside : biggest;
}

// Whether a piece comes in from the border and fills its box, which no digit but a narrow 1 does.
function isBlotAtBorder({ box, pixels, touchesBorder }) {
  const filled = 0.7, narrow = 0.4;
  return touchesBorder && pixels > filled * box.rows * box.columns &&
         Math.min(box.rows, box.columns) > narrow * largerSide(box);
}

// The pieces that are taken for the digit, their box, and what may be wrong with them; null where there are none.
function chooseStroke(ink, threshold) {
  const { list, labels } = piecesOf(ink, threshold);
  if (!list.length) return null;
  const main = mainPiece(list, Math.min(ink.rows, ink.columns)), side = largerSide(main.box);
  const taken = new Set([main]);
  let box = main.box;
  for (let grown = true; grown;) {
    grown = false;
    for (const piece of list) {
      if (taken.has(piece) || piece.pixels <= speck * main.pixels || boxGap(box, piece.box) > nearby * side) continue;
      if (piece.pixels > anotherDigit * main.pixels && onOneLine(box, piece.box) &&
          columnGap(box, piece.box) > beside * side) continue;
      if (piece.touchesBorder && !main.touchesBorder) continue;
      taken.add(piece);
      box = around(box, piece.box);
      grown = true;
    }
  }
  const chosen = [0, ...list.map((piece) => Number(taken.has(piece)))], mask = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; ++i) mask[i] = chosen[labels[i]];
  return { box, mask,
           touchesBorder: [...taken].some((piece) => piece.touchesBorder),
           hasNeighbours: list.some((piece) => !taken.has(piece) && !isBlotAtBorder(piece) &&
                                               piece.pixels > anotherDigit * main.pixels) };
}
