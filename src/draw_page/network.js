// The network's forward pass. Images are (row, column, channel), sums are in double.

// Steps along one side: how many, and how many empty pixels are thought before the first (TensorFlow's "same" puts the
// odd one at the end).
function steps(length, kernel, stride, padding) {
  if (padding !== "same") return { count: Math.floor((length - kernel) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  return { count, before: Math.floor(Math.max((count - 1) * stride + kernel - length, 0) / 2) };
}

function convolution(layer, shape, take) {
  const [kernelRows, kernelColumns] = layer.kernel, [strideDown, strideAcross] = layer.stride, filters = layer.filters;
  const { rows, columns, channels } = shape;
  const down = steps(rows, kernelRows, strideDown, layer.padding);
  const across = steps(columns, kernelColumns, strideAcross, layer.padding);
  const weights = take(filters * channels * kernelRows * kernelColumns), bias = take(filters);
  // From (filter, channel, row, column) to (row, column, channel, filter): the innermost loop runs over neighbours.
  const kernel = new Float64Array(weights.length);
  for (let filter = 0, at = 0; filter < filters; ++filter)
    for (let channel = 0; channel < channels; ++channel)
      for (let place = 0; place < kernelRows * kernelColumns; ++place, ++at)
        kernel[(place * channels + channel) * filters + filter] = weights[at];
  const values = new Float32Array(down.count * across.count * filters), sums = new Float64Array(filters);
  const relu = layer.activation === "relu";
  const run = (input) => {
    let out = 0;
    for (let row = 0; row < down.count; ++row)
      for (let column = 0; column < across.count; ++column) {
        sums.set(bias);
        for (let y = 0; y < kernelRows; ++y) {
          const from = row * strideDown - down.before + y;
          if (from < 0 || from >= rows) continue;
          for (let x = 0; x < kernelColumns; ++x) {
            const at = column * strideAcross - across.before + x;
            if (at < 0 || at >= columns) continue;
            const pixel = (from * columns + at) * channels, place = (y * kernelColumns + x) * channels * filters;
            for (let channel = 0; channel < channels; ++channel) {
              const value = input[pixel + channel];
              if (value === 0) continue;  // blank paper, and what ReLU cut off
              const begin = place + channel * filters;
              for (let filter = 0; filter < filters; ++filter) sums[filter] += value * kernel[begin + filter];
            }
          }
        }
        for (let filter = 0; filter < filters; ++filter) values[out++] = relu && sums[filter] < 0 ? 0 : sums[filter];
      }
    return values;
  };
  return { run, values, shape: { rows: down.count, columns: across.count, channels: filters } };
}

// The shape behind a pool's windows, and `each(visit)`: visit(out, from) for each pixel of each window, both the places
// of their first channel.
function windows(layer, { rows, columns, channels }) {
  const [windowRows, windowColumns] = layer.size, [strideDown, strideAcross] = layer.stride;
  const shape = {
    rows: steps(rows, windowRows, strideDown).count, columns: steps(columns, windowColumns, strideAcross).count, channels,
  };
  const each = (visit) => {
    for (let row = 0, out = 0; row < shape.rows; ++row)
      for (let column = 0; column < shape.columns; ++column, out += channels)
        for (let y = 0; y < windowRows; ++y)
          for (let x = 0; x < windowColumns; ++x)
            visit(out, ((row * strideDown + y) * columns + column * strideAcross + x) * channels);
  };
  return { shape, each, pixels: windowRows * windowColumns };
}

function maxPool(layer, inputShape) {
  const { shape, each } = windows(layer, inputShape), { channels } = shape;
  const values = new Float32Array(shape.rows * shape.columns * channels);
  const run = (input) => {
    values.fill(-Infinity);
    each((out, from) => {
      for (let channel = 0; channel < channels; ++channel)
        if (input[from + channel] > values[out + channel]) values[out + channel] = input[from + channel];
    });
    return values;
  };
  return { run, values, shape };
}

function averagePool(layer, inputShape) {
  const { shape, each, pixels } = windows(layer, inputShape), { channels } = shape;
  const values = new Float32Array(shape.rows * shape.columns * channels), sums = new Float64Array(values.length);
  const run = (input) => {
    sums.fill(0);
    each((out, from) => {
      for (let channel = 0; channel < channels; ++channel) sums[out + channel] += input[from + channel];
    });
    for (let i = 0; i < values.length; ++i) values[i] = sums[i] / pixels;
    return values;
  };
  return { run, values, shape };
}

function globalAveragePool(layer, shape) {
  const size = [shape.rows, shape.columns];
  return averagePool({ size, stride: size }, shape);
}

// Weights count the inputs behind an image by channel, row, column, as PyTorch does.
function flatten(shape) {
  const { rows, columns, channels } = shape, pixels = rows * columns;
  const values = new Float32Array(pixels * channels);
  const run = (input) => {
    for (let pixel = 0, at = 0; pixel < pixels; ++pixel)
      for (let channel = 0; channel < channels; ++channel) values[channel * pixels + pixel] = input[at++];
    return values;
  };
  return { run, values, shape: { rows: 1, columns: 1, channels: values.length } };
}

function softmax(values) {
  const top = largest(values);
  let sum = 0;
  const powers = Float64Array.from(values, (value) => Math.exp(value - top));
  for (const power of powers) sum += power;
  for (let i = 0; i < values.length; ++i) values[i] = powers[i] / sum;
}

function dense(layer, shape, take) {
  const inputs = shape.channels, units = layer.units;
  const weights = take(units * inputs), bias = take(units), values = new Float32Array(units);
  const run = (input) => {
    for (let unit = 0, at = 0; unit < units; ++unit) {
      let sum = bias[unit];
      for (let i = 0; i < inputs; ++i) sum += input[i] * weights[at++];
      values[unit] = layer.activation === "relu" && sum < 0 ? 0 : sum;
    }
    if (layer.activation === "softmax") softmax(values);
    return values;
  };
  return { run, values, shape: { rows: 1, columns: 1, channels: units } };
}

const layerMakers = {
  convolution, max_pool: maxPool, average_pool: averagePool, global_average_pool: globalAveragePool,
  flatten: (layer, shape) => flatten(shape), dense,
};

// `network`: nib's network JSON with every key; `weights`: its parameters in order. Dropout does nothing here.
function makeNetwork(network, names, weights) {
  const [rows, columns, channels] = network.input;
  let taken = 0, shape = { rows, columns, channels };
  const take = (count) => weights.subarray(taken, taken += count);
  const layers = [];
  network.layers.forEach((layer, index) => {
    if (layer.type === "dropout") return;
    const made = layerMakers[layer.type](layer, shape, take);
    shape = made.shape;
    layers.push({ type: layer.type, name: names[index], ...made });
  });
  const input = new Float32Array(rows * columns * channels);
  // A probability a class for pixels from 0 to 255 for full ink. Layers keep what they computed in `values`.
  const classify = (pixels) => {
    for (let i = 0; i < input.length; ++i) input[i] = pixels[i] / 255;
    return layers.reduce((values, layer) => layer.run(values), input);
  };
  return { rows, columns, layers, classify };
}
