// Strokes as pixels. A stroke is a list of points { x, y } in parts of the canvas's side, from 0 to 1. They are drawn
// into numbers here and not read from the canvas, so that every browser comes to the same pixels, also those that
// hide what a canvas holds.

const rasterSide = 280;    // pixels a side of what is prepared
const penWidth = 0.075;    // of the canvas's side
const finestStep = 1 / 140;

// The points with the corners between them made round: quadratic curves from the middle of one edge to that of the
// next, as short straight pieces.
function smoothLine(points) {
  const line = [points[0]];
  for (let i = 1; i + 1 < points.length; ++i) {
    const from = line[line.length - 1], corner = points[i];
    const to = { x: (corner.x + points[i + 1].x) / 2, y: (corner.y + points[i + 1].y) / 2 };
    const length = Math.hypot(corner.x - from.x, corner.y - from.y) + Math.hypot(to.x - corner.x, to.y - corner.y);
    const pieces = Math.ceil(length / finestStep) || 1;
    for (let piece = 1; piece <= pieces; ++piece) {
      const part = piece / pieces, rest = 1 - part;
      line.push({ x: rest * rest * from.x + 2 * rest * part * corner.x + part * part * to.x,
                  y: rest * rest * from.y + 2 * rest * part * corner.y + part * part * to.y });
    }
  }
  if (points.length > 1) line.push(points[points.length - 1]);
  return line;
}

const blankCanvas = () => new Float32Array(rasterSide * rasterSide).fill(255);

// Draws a stroke with a round pen into `light` (255 for paper, 0 for ink), with edges one pixel soft.
function addStroke(light, points) {
  const line = smoothLine(points), radius = penWidth / 2 * rasterSide, reach = radius + 1;
  for (let i = 0; i < line.length; ++i) {
    const begin = line[Math.max(0, i - 1)], end = line[i];
    const x0 = begin.x * rasterSide, y0 = begin.y * rasterSide;
    const dx = end.x * rasterSide - x0, dy = end.y * rasterSide - y0;
    const squared = dx * dx + dy * dy;
    const top = Math.max(0, Math.floor(Math.min(y0, y0 + dy) - reach));
    const bottom = Math.min(rasterSide, Math.ceil(Math.max(y0, y0 + dy) + reach));
    const left = Math.max(0, Math.floor(Math.min(x0, x0 + dx) - reach));
    const right = Math.min(rasterSide, Math.ceil(Math.max(x0, x0 + dx) + reach));
    for (let row = top; row < bottom; ++row)
      for (let column = left; column < right; ++column) {
        const x = column + 0.5 - x0, y = row + 0.5 - y0;
        const along = squared > 0 ? clamp((x * dx + y * dy) / squared, 0, 1) : 0;
        const away = x - along * dx, below = y - along * dy, distance = Math.sqrt(away * away + below * below);
        const paper = Math.round(255 * clamp(distance - radius + 0.5, 0, 1)), at = row * rasterSide + column;
        if (paper < light[at]) light[at] = paper;
      }
  }
  return light;
}
