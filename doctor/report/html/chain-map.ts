import { type DrawnLink, type LinkState, STATE_SIGNS, STATE_WORDS } from "./links.ts";
import { el, type HtmlElement, withCode } from "./node.ts";
import { toCopy } from "./to-copy.ts";

/** Colors that are legible on white and on black, under white signs. */
const FILLED: Partial<Record<LinkState, string>> = {
  broken: "#d1242f",
  refusing: "#d1242f",
  perhaps: "#9a6700",
  proved: "#1a7f37",
};

/** The most lines about one link. */
const MANY = 6;

/**
 * The chain as a list of links, each of which unfolds what is known about it. The signs are drawn by attributes alone, so that they
 * look the same where styles are not allowed.
 */
export function chainMap(links: readonly DrawnLink[], prefix: string): HtmlElement {
  return el(
    "ol",
    { class: "map", "aria-label": "How far the call gets" },
    ...links.map((link) => el("li", { class: link.state }, mapLink(link, prefix))),
  );
}

/** The chain before anything is known. */
export function emptyMap(names: readonly string[]): HtmlElement {
  return el(
    "ol",
    { class: "map", "aria-label": "The links of a call" },
    ...names.map((name) =>
      el("li", { class: "unseen" }, el("span", { class: "link" }, sign("unseen"), name)),
    ),
  );
}

function mapLink({ name, state, found, seen, missing }: DrawnLink, prefix: string): HtmlElement {
  const more = seen.length - MANY;
  return el(
    "details",
    { name: `${prefix}chain` },
    el(
      "summary",
      { class: "link" },
      sign(state),
      name,
      el("span", { class: "unseen-words" }, `: ${STATE_WORDS[state]}`),
    ),
    el(
      "div",
      { class: "panel" },
      el("p", {}, el("strong", {}, `${name}: ${STATE_WORDS[state]}`)),
      ...found.map((sentence) => el("p", {}, ...withCode(sentence))),
      seen.length > 0 && el("p", {}, "Checks that passed:"),
      seen.length > 0 &&
        el(
          "ul",
          {},
          ...seen.slice(0, MANY).map((line) => el("li", {}, ...withCode(line))),
          more > 0 && el("li", {}, `${more} more checks passed`),
        ),
      missing.length > 0 &&
        el("p", {}, `Missing: ${missing.map(({ part }) => part).join(", ")}. To check it, run:`),
      ...missing.map(({ command }) =>
        isProse(command) ? el("p", {}, ...withCode(command)) : toCopy("Command that decides it", command),
      ),
      found.length + seen.length + missing.length === 0 && el("p", {}, "No check applies to this case."),
    ),
  );
}

/** Whether a source of evidence is described, and is not one command. */
export function isProse(source: string): boolean {
  return (
    source.includes("`") ||
    !/^(?:argocd|aws|kubectl|curl|grep|nslookup|dig|env|printenv|Get-\w+|Resolve-\w+)\b/.test(source)
  );
}

/** A round sign: filled, or a ring, which is hatched where the call does not get that far. */
function sign(state: LinkState): HtmlElement {
  const fill = FILLED[state];
  const color = state === "sound" ? "#1a7f37" : state === "suspected" ? "#9a6700" : "currentColor";
  const hatch = [-8, 0, 8].map((shift) =>
    el("line", {
      x1: `${8 + Math.max(shift, 0)}`,
      y1: `${18 + Math.min(shift, 0)}`,
      x2: `${18 + Math.min(shift, 0)}`,
      y2: `${8 + Math.max(shift, 0)}`,
      stroke: "currentColor",
      "stroke-width": "1",
    }),
  );
  return el(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: "0 0 26 26",
      width: "26",
      "aria-hidden": "true",
      class: "sign",
    },
    el("circle", {
      cx: "13",
      cy: "13",
      r: "11.5",
      fill: fill ?? "none",
      stroke: fill ?? color,
      "stroke-width": "2",
      ...(state === "unseen" || state === "behind" ? { "stroke-dasharray": "3 3" } : {}),
    }),
    ...(state === "behind" ? hatch : []),
    state !== "behind" &&
      el(
        "text",
        {
          x: "13",
          y: "13",
          "text-anchor": "middle",
          "dominant-baseline": "central",
          "font-family": "sans-serif",
          "font-size": "15",
          "font-weight": "bold",
          fill: fill === undefined ? "currentColor" : "#ffffff",
        },
        STATE_SIGNS[state],
      ),
  );
}
