import { shown } from "../../token/text/printable.ts";
import { el, type HtmlElement } from "../report/html/node.ts";
import type { SentText, TakenLine } from "./messages.ts";

/** The most texts that are listed, and the most lines about one. */
const MANY_TEXTS = 60;
const MANY_LINES = 30;

/** What was read: each text with what its pieces were taken for, and a button that removes it. */
export function readList(texts: readonly SentText[], taken: readonly TakenLine[]): HtmlElement[] {
  const byText = Map.groupBy(taken, ({ text }) => text);
  const items = texts.slice(0, MANY_TEXTS).map(({ name, problem }, index) => {
    const title = name === undefined ? `Paste ${index + 1}` : shown(name);
    const lines =
      problem === undefined
        ? (byText.get(index) ?? [])
        : [{ isUsed: false, place: "", words: `not read: ${problem}` }];
    return el(
      "li",
      {},
      el(
        "div",
        { class: "head" },
        el("strong", {}, title),
        el(
          "button",
          { type: "button", class: "second", value: `${index}` },
          "Remove",
          el("span", { class: "unseen-words" }, ` ${title}`),
        ),
      ),
      el("ul", {}, ...lines.slice(0, MANY_LINES).map(lineItem), ...more(lines.length - MANY_LINES, "piece")),
    );
  });
  return [...items, ...more(texts.length - MANY_TEXTS, "text")];
}

function lineItem({ isUsed, place, words }: Omit<TakenLine, "text">): HtmlElement {
  return el(
    "li",
    {},
    el("span", { class: isUsed ? "ok" : "no" }, isUsed ? "✓" : "–"),
    ` ${words} `,
    el("span", { class: "place" }, place),
  );
}

function more(count: number, what: string): HtmlElement[] {
  return count > 0 ? [el("li", {}, `and ${count} more ${what}${count === 1 ? "" : "s"}`)] : [];
}
