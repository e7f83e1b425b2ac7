import type { HtmlElement, HtmlNode } from "../report/html/node.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Elements of SVG. */
const SVG_TAGS: ReadonlySet<string> = new Set(["svg", "circle", "line", "text"]);

/** The browser's node for one of ours; a text becomes a text node. */
function domOf(node: HtmlNode): Node {
  if (typeof node === "string") return document.createTextNode(node);
  const { tag, attributes, children } = node;
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes as Readonly<Record<string, string>>))
    if (name !== "xmlns") element.setAttribute(name, value);
  element.append(...children.map(domOf));
  return element;
}

/** Replaces the children of an element. */
export function fill(element: Element, nodes: readonly HtmlElement[]): void {
  element.replaceChildren(...nodes.map(domOf));
}

/** Texts up to this size can be undone. Chromium's time for that grows with the square of the lines: half a second for these. */
const UNDOABLE = { lines: 500, characters: 200_000 };

/** Replaces what is selected in a box with a text, and puts the cursor behind it. A text of usual size can be undone. */
export function insertText(box: HTMLTextAreaElement, text: string): void {
  box.focus();
  const isUsual = text.length <= UNDOABLE.characters && text.split("\n").length <= UNDOABLE.lines;
  // Only what `execCommand` inserts can be undone.
  if (!isUsual || !document.execCommand("insertText", false, text))
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
}
