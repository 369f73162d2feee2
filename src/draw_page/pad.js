// The canvas: strokes by mouse, pen, finger and keyboard, undo and clear.

const keyStep = 1 / 40;  // of the side, that the keyboard's pen moves

class Pad {
  strokes = [];     // finished ones
  current = null;   // the one that is being drawn
  history = [];     // what `strokes` was before each change
  light = blankCanvas();  // of the finished strokes
  keyPen = null;    // { x, y } once it was used
  pointer = undefined;  // the one that draws

  // `changed` is called whenever there is something else to see.
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.changed = changed;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.end(event));
    canvas.addEventListener("pointercancel", (event) => this.end(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.hideKeyPen());
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  // Whether the keyboard's pen draws the stroke that is being drawn.
  get keyPenIsDown() { return this.keyPen && this.current && this.pointer === undefined; }

  get empty() { return !this.strokes.length && !this.current; }

  // All strokes as the numbers that are prepared.
  picture() {
    return this.current ? addStroke(this.light.slice(), this.current) : this.light;
  }

  undo() {
    if (this.current) this.current = null;
    else if (this.history.length) this.strokes = this.history.pop();
    this.redraw();
  }

  clear() {
    if (this.empty) return;
    this.finish();
    this.replace([]);
    this.redraw();
  }

  begin(event) {
    if (event.button !== 0 || this.pointer !== undefined) return;
    this.hideKeyPen();
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.current = [this.place(event)];
    this.show();
  }

  move(event) {
    if (event.pointerId !== this.pointer || !this.current) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.extend(this.place(each));
    this.show();
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.finish();
    this.show();
  }

  place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  // Points that are nearer than a pixel to the last one tell nothing.
  extend(point) {
    const last = this.current[this.current.length - 1];
    if (Math.hypot(point.x - last.x, point.y - last.y) >= 1 / rasterSide) this.current.push(point);
  }

  finish() {
    if (this.current) this.replace([...this.strokes, this.current]);
    this.current = null;
  }

  replace(strokes) {
    this.history.push(this.strokes);
    if (strokes.length) addStroke(this.light, strokes[strokes.length - 1]);
    this.strokes = strokes;
  }

  redraw() {
    this.light = this.strokes.reduce(addStroke, blankCanvas());
    this.show();
  }

  show() {
    this.paint();
    this.changed();
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(move || event.key === " ")) return;
    event.preventDefault();
    const pen = this.keyPen ??= { x: 0.5, y: 0.25 };
    if (move) {
      pen.x = clamp(pen.x + move[0] * keyStep, 0, 1);
      pen.y = clamp(pen.y + move[1] * keyStep, 0, 1);
      if (this.keyPenIsDown) this.extend({ x: pen.x, y: pen.y });
    } else if (!event.repeat && this.pointer === undefined) {
      if (this.keyPenIsDown) this.finish();
      else this.current = [{ x: pen.x, y: pen.y }];
    }
    this.show();
  }

  hideKeyPen() {
    if (!this.keyPen) return;
    this.keyPen = null;
    this.finish();
    this.show();
  }

  // Draws all strokes in the page's colours, as fine as the screen is.
  paint() {
    const { canvas } = this, side = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, side, side);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = penWidth * side;
    context.strokeStyle = getComputedStyle(canvas).color;
    for (const points of this.current ? [...this.strokes, this.current] : this.strokes) {
      context.beginPath();
      const line = smoothLine(points);
      context.moveTo(line[0].x * side, line[0].y * side);
      for (const { x, y } of line) context.lineTo(x * side, y * side);
      context.stroke();
    }
    if (this.keyPen) this.paintKeyPen(context, side);
  }

  paintKeyPen(context, side) {
    context.beginPath();
    context.arc(this.keyPen.x * side, this.keyPen.y * side, (penWidth / 2 + 0.012) * side, 0, 2 * Math.PI);
    context.lineWidth = 0.008 * side;
    context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue("--accent");
    if (!this.keyPenIsDown) context.setLineDash([0.02 * side, 0.015 * side]);
    context.stroke();
    context.setLineDash([]);
  }
}
