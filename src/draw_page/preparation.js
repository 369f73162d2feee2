// From a drawing to an image as MNIST's makers made theirs, after prepare.cpp, digit_image.cpp and placement.cpp of
// src/images/preparation: what `nib predict` makes of a drawing without outlines or ruled lines around it.

const drawingSide = 160;  // pixels of the box in which the stroke is drawn anew

// The stroke's ink alone, 1 in the core: what lies beside its mask is left out, but for the soft edge.
function inkOfStroke(ink, stroke, core) {
  const { rows, columns, values } = ink, { box, mask } = stroke, result = fieldOf(rows, columns);
  const nearMask = (row, column) => {
    for (let y = Math.max(0, row - 1); y < Math.min(rows, row + 2); ++y)
      for (let x = Math.max(0, column - 1); x < Math.min(columns, column + 2); ++x)
        if (mask[y * columns + x]) return true;
    return false;
  };
  for (let row = Math.max(0, box.row - 1); row < Math.min(rows, box.row + box.rows + 1); ++row)
    for (let column = Math.max(0, box.column - 1); column < Math.min(columns, box.column + box.columns + 1); ++column) {
      const at = row * columns + column;
      if (nearMask(row, column)) result.values[at] = clamp(values[at] / core, 0, 1);
    }
  return result;
}

// The stroke's box with a margin, drawn so that the box's larger side has drawingSide pixels.
function drawn(ink, box) {
  const side = largerSide(box), margin = 0.15 * side, scale = drawingSide / side;
  const window = { row: box.row - margin, column: box.column - margin,
                   rows: box.rows + 2 * margin, columns: box.columns + 2 * margin };
  return resampled(ink, window, Math.round(window.rows * scale), Math.round(window.columns * scale));
}

// The smallest window with all the ink in it.
function boxOf(stroke) {
  let top = stroke.rows, bottom = 0, left = stroke.columns, right = 0;
  for (let row = 0; row < stroke.rows; ++row)
    for (let column = 0; column < stroke.columns; ++column) {
      if (stroke.values[row * stroke.columns + column] < 0.5) continue;
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
    }
  return { row: top, column: left, rows: bottom - top, columns: right - left };
}

// The stroke's box fitted into 20 x 20 of 28 x 28 pixels (20/28 of other sizes), proportions kept, and moved by whole
// pixels so that its centre of mass comes into the first pixel beyond the middle. Pixels from 0 to 255 for full ink.
function placed(stroke, rows, columns) {
  const boxPart = 20 / 28, box = boxOf(stroke);
  const scale = Math.min(boxPart * rows / box.rows, boxPart * columns / box.columns);
  const whole = (length, most) => clamp(Math.round(length), 1, most);
  const small = resampled(stroke, box, whole(box.rows * scale, rows), whole(box.columns * scale, columns));
  let sum = 0, down = 0, across = 0;
  for (let row = 0; row < small.rows; ++row)
    for (let column = 0; column < small.columns; ++column) {
      const ink = small.values[row * small.columns + column];
      sum += ink;
      down += ink * (row + 0.5);
      across += ink * (column + 0.5);
    }
  const beginOf = (mass, length, side) => clamp(Math.ceil(side / 2 - mass - 1e-6), 0, side - length);
  const top = beginOf(down / sum, small.rows, rows), left = beginOf(across / sum, small.columns, columns);
  const image = new Uint8Array(rows * columns);
  for (let row = 0; row < small.rows; ++row)
    for (let column = 0; column < small.columns; ++column)
      image[(top + row) * columns + left + column] =
        Math.round(Math.fround(clamp(small.values[row * small.columns + column], 0, 1) * 255));
  return image;
}

// `light`: rows x columns numbers, 255 for paper and 0 for ink. Returns what the network is given, the stroke that it
// was made of, and warnings; null where nothing is drawn.
function prepare(light, rows, columns, imageRows, imageColumns) {
  const smooth = smoothed({ rows, columns, values: light }), ink = fieldOf(rows, columns);
  for (let i = 0; i < light.length; ++i) ink.values[i] = (255 - smooth.values[i]) / 255;
  const levels = inkLevels(ink);
  const stroke = levels && chooseStroke(ink, levels.threshold);
  if (!stroke) return null;
  const alone = inkOfStroke(ink, stroke, levels.core);
  const pen = withUsualPen(drawn(alone, stroke.box), Math.fround(levels.threshold / levels.core), drawingSide);
  const warnings = [];
  if (stroke.hasNeighbours) warnings.push("Looks like more than one drawing: the largest is taken.");
  if (stroke.touchesBorder) warnings.push("The stroke touches the border: part of it may be missing.");
  return { image: placed(pen, imageRows, imageColumns), stroke: alone, warnings };
}
