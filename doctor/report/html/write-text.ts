import type { HtmlNode } from "./node.ts";

/** Elements that have no end tag. */
const VOID: ReadonlySet<string> = new Set(["input"]);

/** Elements in which whitespace counts, and browsers drop a line break right behind the start tag. */
const PREFORMATTED: ReadonlySet<string> = new Set(["pre", "textarea"]);

/** A node as HTML. Source: https://html.spec.whatwg.org/, "Serializing HTML fragments". */
export function htmlText(node: HtmlNode): string {
  if (typeof node === "string") return escaped(node);
  const { tag, attributes, children } = node;
  const written = Object.entries(attributes as Readonly<Record<string, string>>)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");
  if (VOID.has(tag)) return `<${tag}${written}>`;
  const inner = children.map(htmlText).join("");
  return `<${tag}${written}>${PREFORMATTED.has(tag) && inner.startsWith("\n") ? "\n" : ""}${inner}</${tag}>`;
}

/** A text, escaped for an element or a quoted attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
