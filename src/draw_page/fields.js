"use strict";
// Pictures as numbers, as src/images/preparation/field.h and resample.h have them: { rows, columns, values }, values a
// Float32Array of (row, column). What is float there is rounded to float here, so that both come to the same pixels.

function fieldOf(rows, columns) {
  return { rows, columns, values: new Float32Array(rows * columns) };
}

function largest(values) {
  let result = -Infinity;
  for (let i = 0; i < values.length; ++i) if (values[i] > result) result = values[i];
  return result;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Each pixel the mean of the 3 x 3 around it; windows end at the edge.
function smoothed(field) {
  const { rows, columns, values } = field;
  const across = new Float32Array(values.length), result = fieldOf(rows, columns);
  for (let row = 0; row < rows; ++row)
    for (let column = 0, at = row * columns; column < columns; ++column, ++at) {
      let sum = values[at], count = 1;
      if (column > 0) { sum += values[at - 1]; ++count; }
      if (column + 1 < columns) { sum += values[at + 1]; ++count; }
      across[at] = sum / count;
    }
  for (let row = 0; row < rows; ++row) {
    const share = 1 / (1 + (row > 0) + (row + 1 < rows));
    for (let column = 0, at = row * columns; column < columns; ++column, ++at) {
      let sum = across[at];
      if (row > 0) sum += across[at - columns];
      if (row + 1 < rows) sum += across[at + columns];
      result.values[at] = sum * share;
    }
  }
  return result;
}

// The old pixels that a new one is made of, along one side: the parts that lie in [begin, end) ...
function covered(begin, end, length) {
  const from = Math.max(0, begin), to = Math.min(length, end);
  const shares = { first: 0, parts: [] };
  if (to <= from) return shares;
  shares.first = Math.floor(from);
  for (let pixel = shares.first; pixel < to; ++pixel)
    shares.parts.push(Math.fround((Math.min(to, pixel + 1) - Math.max(from, pixel)) / (end - begin)));
  return shares;
}

// ... or those of the two whose middles lie on either side of `place`.
function between(place, length) {
  const before = Math.floor(place - 0.5), part = Math.fround(place - 0.5 - before);
  const inside = (pixel) => pixel >= 0 && pixel < length;
  const shares = { first: before, parts: [] };
  if (inside(before)) shares.parts.push(Math.fround(1 - part));
  if (!inside(before + 1)) return shares;
  if (!shares.parts.length) shares.first = before + 1;
  shares.parts.push(part);
  return shares;
}

function sharesAlong(begin, extent, count, length) {
  const step = extent / count, shares = [];
  for (let i = 0; i < count; ++i) {
    const first = begin + step * i;
    shares.push(step > 1 ? covered(first, first + step, length) : between(first + step / 2, length));
  }
  return shares;
}

// A window { row, column, rows, columns } of the field drawn with `rows` x `columns` pixels: the mean of the area that
// each covers where they are larger than the old ones, else bilinear. Outside the field there is 0.
function resampled(field, window, rows, columns) {
  const down = sharesAlong(window.row, window.rows, rows, field.rows);
  const across = sharesAlong(window.column, window.columns, columns, field.columns);
  const result = fieldOf(rows, columns), line = new Float32Array(field.columns);
  for (let row = 0; row < rows; ++row) {
    line.fill(0);
    down[row].parts.forEach((part, i) => {
      const begin = (down[row].first + i) * field.columns;
      for (let x = 0; x < line.length; ++x) line[x] += Math.fround(part * field.values[begin + x]);
    });
    for (let column = 0; column < columns; ++column) {
      const { first, parts } = across[column];
      const at = row * columns + column;
      for (let i = 0; i < parts.length; ++i) result.values[at] += Math.fround(parts[i] * line[first + i]);
    }
  }
  return result;
}
