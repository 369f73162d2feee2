// The page: what is drawn goes to the network, and what the network says to the page.

const mostBars = 12;       // classes; of more than these the likeliest are shown
const mostMaps = 64;       // pictures of a convolution
const unsure = 0.6;        // below this probability of the likeliest class it is said so, as nib predict does without a score
const restsAfter = 600;    // milliseconds without a change

const find = (id) => document.getElementById(id);
const percent = (share) => `${(100 * share).toFixed(2)}\u00a0%`;

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

// The text of float32 numbers, little-endian as all machines are that browsers run on.
function decodeWeights(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = text.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}

const description = JSON.parse(find("network-data").textContent);
const classNames = description.class_names;
const weights = decodeWeights(find("weights-data").textContent);
const network = makeNetwork(description.network, description.layer_names, weights);
const trust = description.score && makeTrust(description.score, network);
const manyClasses = classNames.length > mostBars;

// One row a bar: name, track, percentage.
const bars = Array.from({ length: Math.min(classNames.length, mostBars) }, () => {
  const row = element("li", "row"), track = element("span", "track"), fill = element("span", "fill");
  const bar = { row, fill, name: element("span", "name"), share: element("span", "share") };
  track.append(fill);
  row.append(bar.name, track, bar.share);
  find("bars").append(row);
  return bar;
});

function canvasOf(columns, rows) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

const seen = canvasOf(network.columns, network.rows);
find("seen").append(seen);
find("seen-title").textContent += `, ${network.columns}\u00a0\u00d7\u00a0${network.rows}`;

// A section for each convolution, with a small canvas for each of its pictures.
const convolutions = network.layers.filter((layer) => layer.type === "convolution").map((layer) => {
  const { rows, columns, channels } = layer.shape, count = Math.min(channels, mostMaps);
  const section = element("section", "layer"), maps = element("div", "maps"), title = element("h2", "", layer.name);
  const which = count < channels ? `the first ${count} of its ${channels}` : `its ${channels}`;
  title.append(element("span", "note", `what ${which} filters answer, ${columns}\u00a0\u00d7\u00a0${rows} each`));
  maps.setAttribute("role", "img");
  maps.setAttribute("aria-label", `What each filter of ${layer.name} answers to the drawing, where and how strongly`);
  const canvases = Array.from({ length: count }, () => canvasOf(columns, rows));
  maps.append(...canvases);
  section.append(title, maps);
  find("layers").append(section);
  return { layer, canvases };
});

// Red, green and blue of the page's colour `name`, whatever way it is written in.
function colourOf(name) {
  const context = canvasOf(1, 1).getContext("2d");
  context.fillStyle = getComputedStyle(document.body).getPropertyValue(name);
  const text = context.fillStyle;
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

// Draws one channel, `full` as the full colour, 0 and what is below it as nothing.
function paintMap(canvas, values, channel, channels, full, [red, green, blue]) {
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  for (let pixel = 0, at = channel; at < values.length; pixel += 4, at += channels) {
    image.data[pixel] = red;
    image.data[pixel + 1] = green;
    image.data[pixel + 2] = blue;
    image.data[pixel + 3] = full > 0 ? 255 * values[at] / full : 0;
  }
  context.putImageData(image, 0, 0);
}

function showMaps(prepared) {
  const ink = colourOf("--ink"), accent = colourOf("--accent");
  paintMap(seen, prepared ? prepared.image : [], 0, 1, 255, ink);
  for (const { layer, canvases } of convolutions) {
    const values = prepared ? layer.values : [], full = largest(values);
    canvases.forEach((canvas, channel) => paintMap(canvas, values, channel, layer.shape.channels, full, accent));
  }
}

function showBars(probabilities, order) {
  bars.forEach((bar, i) => {
    const index = manyClasses ? order[i] : i, known = probabilities && probabilities[index] >= 0;
    const share = known ? probabilities[index] : 0;
    bar.name.textContent = manyClasses && !probabilities ? "" : classNames[index];
    bar.share.textContent = known ? percent(share) : "";
    bar.fill.style.transform = `scaleX(${share})`;
    bar.row.classList.toggle("likeliest", Boolean(known) && index === order[0]);
  });
}

let rest;

// Once the drawing rests: what takes longer, and what is for those who hear the page.
function atRest(work) {
  clearTimeout(rest);
  rest = setTimeout(work, restsAfter);
}

// What the network makes of a picture of rasterSide x rasterSide numbers; null where nothing is drawn.
function read(light) {
  const prepared = prepare(light, rasterSide, rasterSide, network.rows, network.columns);
  return prepared && { ...prepared, probabilities: network.classify(prepared.image).slice() };
}

function update() {
  const answer = pad.empty ? null : read(pad.picture());
  const order = classNames.map((_, index) => index);
  if (answer) order.sort((one, other) => answer.probabilities[other] - answer.probabilities[one]);
  const share = answer ? answer.probabilities[order[0]] : 0, name = answer && share >= 0 ? classNames[order[0]] : "";
  const hints = answer ? [...answer.warnings] : [];
  if (answer && !trust && share < unsure) hints.push("The network is not sure.");
  if (Number.isNaN(share)) hints.push("These weights are so large that the network overflows.");
  document.body.classList.toggle("blank", pad.empty);
  find("verdict").textContent = name || "\u2013";
  find("verdict").classList.toggle("word", name.length > 2);
  find("confidence").textContent = !answer ? "Nothing drawn yet" : name ? percent(share) : "no answer";
  find("hints").textContent = hints.join(" ");
  find("undo").disabled = !pad.history.length && !pad.current;
  find("clear").disabled = pad.empty;
  showBars(answer && answer.probabilities, order);
  showMaps(answer);
  const said = name ? `${name}, ${(100 * share).toFixed(1)} percent. ` : answer ? "" : "Nothing drawn.";
  atRest(() => {
    // Half a digit is none, and nobody wants to hear so of every stroke.
    if (answer && trust) hints.push(...trust.look(answer).hints);
    find("hints").textContent = hints.join(" ");
    find("announcement").textContent = said + hints.join(" ");
  });
}

// At most once for each picture of the screen, whatever number of events there are.
let waiting = false;
function updateSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    update();
  });
}

const pad = new Pad(find("canvas"), updateSoon);
find("undo").addEventListener("click", () => pad.undo());
find("clear").addEventListener("click", () => pad.clear());
document.addEventListener("keydown", (event) => {
  const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (undo || (plain && event.key === "Backspace")) pad.undo();
  else if (plain && (event.key === "Escape" || event.key === "Delete")) pad.clear();
  else return;
  event.preventDefault();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  pad.paint();
  updateSoon();
});
update();
