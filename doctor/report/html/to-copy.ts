import { el, type HtmlElement, type HtmlNode } from "./node.ts";

/**
 * A text to copy: a page with a script puts a button before it. It takes the focus and has a name, so that it can be scrolled by
 * keyboard. It is a group, not a region, since a region is a landmark, and there are many of these.
 */
export function toCopy(name: string, text: string): HtmlElement {
  return el(
    "pre",
    { tabindex: "0", role: "group", "aria-label": name, translate: "no" },
    ...text.split(/(?<=\n)/).map((line) => el("code", {}, ...options(line))),
  );
}

/** A command line whose options stay in one piece where it wraps. What is copied has no line breaks but its own. */
function options(line: string): HtmlNode[] {
  const pieces = line.split(/ (?=--?[a-zA-Z])/);
  if (!/^ *(?:aws|kubectl|eksctl|helm) /.test(line)) return [line];
  return pieces.flatMap((piece, index) =>
    index === 0 ? [piece] : [" ", el("span", { class: "option" }, piece)],
  );
}

export function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
