/**
 * An element of a page, as data. Foreign texts can only become children or values of harmless attributes: no string turns into
 * markup, a script, a style or an address.
 */
export interface HtmlElement {
  readonly tag: Tag;
  readonly attributes: Attributes;
  readonly children: readonly HtmlNode[];
}

export type HtmlNode = HtmlElement | string;

/** Elements that are used, of HTML and SVG. */
type Tag =
  | "a"
  | "article"
  | "button"
  | "circle"
  | "code"
  | "dd"
  | "details"
  | "div"
  | "dl"
  | "dt"
  | "footer"
  | "form"
  | "h1"
  | "h2"
  | "h3"
  | "header"
  | "input"
  | "label"
  | "li"
  | "line"
  | "main"
  | "noscript"
  | "ol"
  | "option"
  | "p"
  | "pre"
  | "section"
  | "select"
  | "span"
  | "strong"
  | "summary"
  | "svg"
  | "text"
  | "textarea"
  | "ul";

/** Address of a page about a cause. It comes from our own tables, never from evidence. */
export type WebPage = `https://${string}`;

/** Attributes that run nothing and fetch nothing. A link leads to a place on the same page, or to a page about a cause. */
export interface Attributes {
  readonly "aria-hidden"?: "true";
  readonly "aria-label"?: string;
  readonly "aria-pressed"?: "true" | "false";
  readonly autocomplete?: "off";
  readonly class?: string;
  readonly cx?: string;
  readonly cy?: string;
  readonly download?: string;
  readonly "dominant-baseline"?: "central";
  readonly fill?: string;
  readonly "font-family"?: string;
  readonly "font-size"?: string;
  readonly "font-weight"?: string;
  readonly for?: string;
  readonly hidden?: "";
  readonly href?: `#${string}` | WebPage;
  readonly id?: string;
  readonly multiple?: "";
  readonly name?: string;
  readonly r?: string;
  readonly rel?: "noreferrer noopener";
  readonly role?: "group" | "img" | "status";
  readonly rows?: string;
  readonly spellcheck?: "false";
  readonly stroke?: string;
  readonly "stroke-dasharray"?: string;
  readonly "stroke-width"?: string;
  readonly tabindex?: "0" | "-1";
  readonly target?: "_blank";
  readonly placeholder?: string;
  readonly "text-anchor"?: "middle";
  readonly translate?: "no";
  readonly type?: "button" | "checkbox" | "file" | "submit";
  readonly value?: string;
  readonly viewBox?: string;
  readonly x?: string;
  readonly x1?: string;
  readonly x2?: string;
  readonly y?: string;
  readonly y1?: string;
  readonly y2?: string;
  readonly width?: string;
  readonly xmlns?: "http://www.w3.org/2000/svg";
}

/** What is left out where it is undefined or false. */
export type Optional<T> = T | undefined | false;

/** An element. */
export function el(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly Optional<HtmlNode>[]
): HtmlElement {
  return { tag, attributes, children: present(children) };
}

export function present<T extends HtmlNode>(items: readonly Optional<T>[]): T[] {
  return items.filter((item) => item !== undefined && item !== false);
}

/** A sentence, with what stands between backticks as code. */
export function withCode(sentence: string): HtmlNode[] {
  return sentence
    .split("`")
    .map((part, index) => (index % 2 === 1 ? el("code", { translate: "no" }, part) : part))
    .filter((part) => part !== "");
}

/** A list of sentences. */
export function bullets(sentences: readonly string[]): HtmlElement {
  return el("ul", {}, ...sentences.map((sentence) => el("li", {}, ...withCode(sentence))));
}

/** A sentence behind a label: `Not the cause if: …` */
export function labelled(label: string, sentence: string): HtmlElement {
  return el("p", {}, el("strong", {}, `${label}: `), ...withCode(sentence));
}
