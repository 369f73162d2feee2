// The numbers on the cells of the drawn confusion matrix whose contrast to their cell is below 4.5 to 1 (WCAG 2.1,
// criterion 1.4.3). A cell is a rectangle with an opacity on the sheet; its number is the next element.
(() => {
  const channels = (text) => text.match(/[\d.]+/g).map(Number).slice(0, 3);
  const luminance = (rgb) => {
    const linear = rgb.map((value) => value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const sheet = channels(getComputedStyle(document.querySelector("#confusion > .fill-paper")).fill);
  const contrast = (cell) => {
    const style = getComputedStyle(cell);
    const shown = channels(style.fill).map((value, index) => sheet[index] + Number(style.opacity) * (value - sheet[index]));
    const [one, two] = [shown, channels(getComputedStyle(cell.nextElementSibling).fill)].map(luminance);
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  };
  const cells = [...document.querySelectorAll("[id^=confusion-cell]")].filter((cell) => cell.nextElementSibling.tagName === "text");
  return { cells: cells.length,
           low: cells.filter((cell) => contrast(cell) < 4.5).map((cell) => `${cell.id}: ${contrast(cell)}`) };
})()
