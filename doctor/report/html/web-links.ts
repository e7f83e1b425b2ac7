import { el, type HtmlElement, type HtmlNode, type WebPage } from "./node.ts";

/** The code of a cause, which leads to the first of its pages. */
export function codeLink(code: string, [page]: readonly string[]): HtmlElement {
  return el("span", { class: "code" }, page === undefined ? code : webLink(page, code));
}

/** ` · ` before each of these pages. */
export function webLinks(pages: readonly string[]): HtmlNode[] {
  return pages.flatMap((page) => [" · ", webLink(page, page)]);
}

/** It opens in a new window: the doctor's page would lose what was pasted. */
function webLink(page: string, words: string): HtmlNode {
  if (!isWebPage(page)) return words;
  return el("a", { href: page, target: "_blank", rel: "noreferrer noopener" }, words);
}

function isWebPage(page: string): page is WebPage {
  return page.startsWith("https://");
}
