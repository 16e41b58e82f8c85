/** Measurements of the layout of the console. */
export interface Layout {
  readonly clippedLabels: readonly string[];
  /** Share of the available width that the charts use, 0 to 1. */
  readonly chartShare: number;
  /** Number of hidden pixels of the last visible line of the list. */
  readonly cutPixels: number;
  readonly smallTargets: readonly string[];
}

/** Positions of the parts of a region card. */
export interface CardRows {
  /** Number of lines of pills. */
  readonly pillRows: number;
  /** Distance of each part from the top of the card, in pixels. */
  readonly tops: readonly number[];
}

/** Measures the region cards; runs in the browser. */
export const CARDS = `[...document.querySelectorAll(".region")].map((card) => {
  const tops = (selector) => [...card.querySelectorAll(selector)]
    .filter((part) => part.getClientRects().length > 0)
    .map((part) => Math.round(part.getBoundingClientRect().top - card.getBoundingClientRect().top));
  return { pillRows: new Set(tops(".pill")).size, tops: tops("h2, .pills, .figure, dl, .actions") };
})`;

/** Measures the console; runs in the browser. */
export const LAYOUT = `(() => {
  const box = (node) => node.getBoundingClientRect();
  const charts = [...document.querySelectorAll("#lag-charts svg")];
  const clippedLabels = charts.flatMap((svg) =>
    [...svg.querySelectorAll("text")]
      .filter((text) => box(text).left < box(svg).left - 0.5 || box(text).right > box(svg).right + 0.5)
      .map((text) => text.textContent));
  const list = document.getElementById("timeline");
  const bottom = box(list).top + list.clientHeight;
  const lineHeight = parseFloat(getComputedStyle(list.querySelector("li")).lineHeight);
  const cut = [...list.children].map(box).find(({ top, bottom: end }) => top < bottom - 0.5 && end > bottom + 0.5);
  const firstRow = charts.filter((svg) => Math.abs(box(svg).top - box(charts[0]).top) < 40);
  const width = firstRow.reduce((sum, svg) => sum + box(svg).width, 0);
  return {
    clippedLabels,
    chartShare: width / box(document.getElementById("lag-charts")).width,
    cutPixels: cut ? Math.round((bottom - cut.top) % lineHeight) : 0,
    smallTargets: [...document.querySelectorAll("button, #gateway-links a")]
      .filter((node) => box(node).height > 0 && (box(node).height < 44 || box(node).width < 44))
      .map((node) => node.textContent),
  };
})()`;
