// Draws a stroke anew as if all digits were written with pens of similar width, after distance.cpp and pen.cpp of
// src/images/preparation.

const farAway = 1e12;  // squared; more than any picture's diagonal

// Replaces squares[begin + i * step], i < length, by the lower envelope of parabolas: the minimum over q of
// (i - q)^2 + the square at q (Felzenszwalb and Huttenlocher 2012).
function envelope(squares, begin, step, length, work) {
  const { old, vertex, starts } = work;
  let count = 0;
  for (let q = 0; q < length; ++q) old[q] = squares[begin + q * step];
  const meeting = (p, q) => Math.fround((old[q] + q * q - (old[p] + p * p)) / (2 * (q - p)));
  for (let q = 0; q < length; ++q) {
    if (old[q] >= farAway) continue;
    while (count > 1 && meeting(vertex[count - 1], q) <= starts[count - 1]) --count;
    starts[count] = count ? meeting(vertex[count - 1], q) : 0;
    vertex[count++] = q;
  }
  if (!count) vertex[count++] = 0;
  for (let x = 0, k = 0; x < length; ++x) {
    while (k + 1 < count && starts[k + 1] <= x) ++k;
    squares[begin + x * step] = (x - vertex[k]) ** 2 + old[vertex[k]];
  }
}

// Squared distance of each pixel to the nearest one whose mask is `value`.
function squaredDistance(mask, rows, columns, value) {
  const squares = new Float32Array(mask.length);
  for (let i = 0; i < mask.length; ++i) squares[i] = mask[i] === value ? 0 : farAway;
  const most = Math.max(rows, columns);
  const work = { old: new Float32Array(most), vertex: new Int32Array(most), starts: new Float32Array(most + 1) };
  for (let column = 0; column < columns; ++column) envelope(squares, column, columns, rows, work);
  for (let row = 0; row < rows; ++row) envelope(squares, row * columns, 1, columns, work);
  return squares;
}

// How far each pixel's middle lies from the edge of the pixels of at least `threshold`: positive inside. What is beyond
// the picture is outside.
function signedDistance(ink, threshold) {
  const { rows, columns, values } = ink, width = columns + 2;
  const mask = new Uint8Array((rows + 2) * width);  // with an empty pixel around
  for (let row = 0; row < rows; ++row)
    for (let column = 0; column < columns; ++column)
      mask[(row + 1) * width + column + 1] = values[row * columns + column] >= threshold;
  const toOutside = squaredDistance(mask, rows + 2, width, 0), toInside = squaredDistance(mask, rows + 2, width, 1);
  const result = fieldOf(rows, columns);
  for (let row = 0; row < rows; ++row)
    for (let column = 0; column < columns; ++column) {
      const at = (row + 1) * width + column + 1;
      result.values[row * columns + column] = mask[at] ? Math.sqrt(toOutside[at]) - 0.5 : 0.5 - Math.sqrt(toInside[at]);
    }
  return result;
}

// Over a band of width w the distance to its edge is w / 4 in the mean.
function widthOf(distance) {
  let sum = 0, count = 0;
  for (const value of distance.values)
    if (value > 0) {
      sum += value;
      ++count;
    }
  return count > 0 ? 4 * sum / count : 0;
}

// `ink` becomes sharp at `threshold` of its largest value; a stroke thinner or thicker than usual for a digit of `side`
// pixels grows or shrinks to what is just usual: the 5th and the 95th percentile of MNIST's own digits.
function withUsualPen(ink, threshold, side) {
  const thinnest = 0.075, thickest = 0.15;
  const distance = signedDistance(ink, Math.fround(threshold * largest(ink.values)));
  const width = widthOf(distance), part = clamp(width / side, thinnest, thickest);
  const moved = Math.max(Math.fround((part * side - width) / (2 * (1 - part))), -largest(distance.values) / 2);
  for (let i = 0; i < distance.values.length; ++i) distance.values[i] = clamp(distance.values[i] + moved + 0.5, 0, 1);
  return distance;
}
