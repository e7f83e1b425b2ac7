import { type DrawnLink, STATE_SIGNS, STATE_WORDS } from "./links.ts";
import { el, type HtmlElement } from "./node.ts";

/** In units of the picture: from one link to the next, the height, and a link's radius and center. */
const STEP = 92;
const HEIGHT = 76;
const RADIUS = 16;
const CENTER_Y = 24;

/** Red and amber that are legible on white and on black. */
const BROKEN = "#d1242f";
const PERHAPS = "#9a6700";

/**
 * The chain as an image. It is drawn by attributes alone, in the color of the text, so that it looks the same where styles are not
 * allowed.
 */
export function chainPicture(links: readonly DrawnLink[]): HtmlElement {
  const width = STEP * links.length;
  const label = links.map(({ name, state }) => `${name} ${STATE_WORDS[state]}`).join(", ");
  return el(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width: "100%",
      role: "img",
      "aria-label": `The chain: ${label}`,
      class: "picture",
    },
    ...links.slice(1).map((link, index) => between(link, index)),
    ...links.flatMap(drawn),
  );
}

/** The line to a link: dashed where the call does not get that far. */
function between({ state }: DrawnLink, index: number): HtmlElement {
  const x = centerX(index);
  const y = `${CENTER_Y}`;
  const isReached = state !== "behind" && state !== "unseen";
  return el("line", {
    x1: `${x + RADIUS}`,
    x2: `${x + STEP - RADIUS}`,
    y1: y,
    y2: y,
    stroke: "currentColor",
    "stroke-width": "2",
    ...(isReached ? {} : { "stroke-dasharray": "3 5" }),
  });
}

function drawn({ name, state, causes }: DrawnLink, index: number): HtmlElement[] {
  const x = `${centerX(index)}`;
  const color =
    state === "broken" || state === "refusing" ? BROKEN : state === "perhaps" ? PERHAPS : undefined;
  const isFaint = state === "behind" || state === "unseen";
  const words = { x, "text-anchor": "middle", "font-family": "sans-serif", fill: "currentColor" } as const;
  return [
    el("circle", {
      cx: x,
      cy: `${CENTER_Y}`,
      r: `${RADIUS}`,
      fill: color ?? "none",
      stroke: color ?? "currentColor",
      "stroke-width": "2",
      ...(isFaint ? { "stroke-dasharray": "3 3" } : {}),
    }),
    el(
      "text",
      {
        ...words,
        y: `${CENTER_Y}`,
        "dominant-baseline": "central",
        "font-size": "17",
        "font-weight": "bold",
        ...(color === undefined ? {} : { fill: "#ffffff" }),
      },
      STATE_SIGNS[state],
    ),
    el("text", { ...words, y: "58", "font-size": "12" }, name),
    ...(causes === ""
      ? []
      : [el("text", { ...words, y: "73", "font-size": "12", "font-weight": "bold" }, causes)]),
  ];
}

function centerX(index: number): number {
  return STEP * index + STEP / 2;
}
