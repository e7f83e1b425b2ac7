import type { HtmlElement, HtmlNode } from "../html/node.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Elements that draw. */
const DRAWN: ReadonlySet<string> = new Set(["svg", "circle", "line", "text"]);

/** A node as the browser's own: texts stay texts. */
function domOf(node: HtmlNode): Node {
  if (typeof node === "string") return document.createTextNode(node);
  const { tag, attributes, children } = node;
  const element = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes as Readonly<Record<string, string>>))
    if (name !== "xmlns") element.setAttribute(name, value);
  element.append(...children.map(domOf));
  return element;
}

/** Puts nodes in the place of what an element holds. */
export function fill(element: Element, nodes: readonly HtmlElement[]): void {
  element.replaceChildren(...nodes.map(domOf));
}

/** Texts up to this size can be undone. Chromium's time for them grows with the square of the lines: half a second for these. */
const UNDOABLE = { lines: 500, characters: 200_000 };

/** Puts a text in the place of what is selected in a box, and the focus behind it. A text of usual size can be undone. */
export function insertText(box: HTMLTextAreaElement, text: string): void {
  box.focus();
  const isUsual = text.length <= UNDOABLE.characters && text.split("\n").length <= UNDOABLE.lines;
  // Only a command of the browser's editor can be undone.
  if (!isUsual || !document.execCommand("insertText", false, text))
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
}
