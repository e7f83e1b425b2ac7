import { el, type HtmlElement, type HtmlNode } from "../report/html/node.ts";

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

export function byId<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`element ${id} is missing from the page`);
}

/** Puts a button before each text to copy. */
export function addCopyButtons(within: Element): void {
  for (const block of within.querySelectorAll("pre[aria-label]")) {
    const name = block.getAttribute("aria-label") ?? "";
    const button = el(
      "button",
      { type: "button", class: "copy copied", "aria-label": `Copy: ${name}` },
      "Copy",
    );
    block.before(domOf(button));
  }
}

/** Puts a text on the clipboard, whatever is selected; false if the browser refuses. */
export function copyText(text: string, shown: Element): boolean {
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  // Without a selection, there is nothing to copy for some browsers.
  getSelection()?.selectAllChildren(shown);
  document.addEventListener("copy", put);
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", put);
    getSelection()?.removeAllRanges();
  }
}

/** Has the browser save a text as a file. */
export function save(name: string, text: string | Blob, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.download = name;
  anchor.href = address;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Unfolds what is folded for the printer, and folds it again. */
export function unfoldForPrinter(): void {
  const folded = document.querySelectorAll("#report .folded:not([open])");
  for (const details of folded) details.setAttribute("open", "");
  const fold = () => {
    for (const details of folded) details.removeAttribute("open");
  };
  globalThis.addEventListener("afterprint", fold, { once: true });
}
