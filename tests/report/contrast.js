// The texts outside pictures whose contrast to what is behind them is below 4.5 to 1 (WCAG 2.1, criterion 1.4.3).
(() => {
  const channels = (text) => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return { rgb: numbers.slice(0, 3).map((value) => value * scale), alpha: numbers.length > 3 ? numbers[3] : 1 };
  };
  const background = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.push(channels(getComputedStyle(each).backgroundColor));
    return layers.reverse().reduce(
        (below, layer) => below.map((value, index) => value + layer.alpha * (layer.rgb[index] - value)), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const linear = rgb.map((value) => value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (element) => {
    const [one, two] = [channels(getComputedStyle(element).color).rgb, background(element)].map(luminance);
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...document.querySelectorAll("body :not(svg *, script)")].filter(hasText);
  return { texts: texts.length,
           low: texts.filter((each) => contrast(each) < 4.5).map((each) => `${each.textContent}: ${contrast(each)}`) };
})()
