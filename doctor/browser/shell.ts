import { SHELLS } from "../../token/command/render-command.ts";
import { STAGES } from "../check/stages.ts";
import { emptyMap } from "../report/html/chain-map.ts";
import { documentText, sourceHash } from "../report/html/document.ts";
import { el, type HtmlElement } from "../report/html/node.ts";
import { STYLE } from "../report/html/style.ts";
import { escaped, htmlText } from "../report/html/write-text.ts";
import { EXAMPLES } from "./examples.ts";

/** What the page is made of. */
export interface PageParts {
  /** Script of the page itself. */
  readonly script: string;
  /** Script of its worker, compressed by DEFLATE (RFC 1951), in base64. */
  readonly worker: string;
  /** The licences of what is in it. */
  readonly notices: string;
  readonly version: string;
}

const TITLE = "Why does EKS deny access? Paste the error";
const DESCRIPTION =
  "Paste an Unauthorized or Forbidden error from Amazon EKS to see which link of the chain is broken, and the commands that fix it. Works offline in one file; nothing is sent.";

/** Where the page is published (.github/workflows/pages.yml). A browser that shows the page fetches none of it. */
const PUBLISHED = "https://kubectl-vouch.github.io/kubectl-vouch/";

/** What a chat shows of a link to the page. */
const PREVIEW = Object.entries({
  "og:type": "website",
  "og:title": TITLE,
  "og:description": DESCRIPTION,
  "og:url": PUBLISHED,
  "og:image": `${PUBLISHED}preview.png`,
}).map(([property, content]) => `<meta property="${property}" content="${escaped(content)}">`);

/** The whole page: it has no link to anywhere, and its policy forbids every request. */
export function pageText({ script, worker, notices, version }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(STYLE)}`,
    "worker-src blob:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types doctor-worker",
  ];
  const more = [`<meta name="description" content="${escaped(DESCRIPTION)}">`, ...PREVIEW];
  return documentText({ title: TITLE, policy, more }, [
    htmlText(el("a", { class: "skip", href: "#report" }, "Skip to the answer")),
    htmlText(top(version)),
    htmlText(main()),
    htmlText(foot(notices)),
    `<script type="text/plain" id="worker">${worker}</script>`,
    `<script>${script}</script>`,
  ]);
}

function top(version: string): HtmlElement {
  return el(
    "header",
    { class: "top" },
    el("strong", {}, "Why does EKS deny access?"),
    el("span", { class: "pill" }, "✓ works offline, cannot send anything"),
    el(
      "span",
      { class: "end" },
      el("label", { for: "shell" }, "Commands for"),
      el(
        "select",
        { id: "shell", autocomplete: "off" },
        ...SHELLS.map((shell) => el("option", { value: shell }, shell)),
      ),
      el(
        "span",
        { class: "choice" },
        el("input", { type: "checkbox", id: "redact", autocomplete: "off" }),
        el("label", { for: "redact" }, " Hide names and IDs"),
      ),
      el("span", {}, `version ${version}`),
    ),
  );
}

function main(): HtmlElement {
  return el(
    "main",
    {},
    el(
      "div",
      { class: "intro" },
      el("h1", {}, "Paste the error. See which link is broken."),
      el(
        "p",
        {},
        "This page works offline, stores nothing, and cannot send anything. Tokens and keys are masked before they are shown.",
      ),
      el("noscript", {}, "This page needs JavaScript: enable it, or use the kubectl plugin."),
    ),
    el("div", { class: "columns" }, el("div", { id: "report", tabindex: "-1" }), box()),
  );
}

function box(): HtmlElement {
  return el(
    "div",
    { class: "box" },
    form(),
    el("p", { id: "status", role: "status" }),
    el("h2", { id: "read-words", hidden: "" }, "Read so far"),
    el("ul", { id: "read", class: "read" }),
    el(
      "div",
      { class: "outlook" },
      el("p", {}, "Or start with an example:"),
      el(
        "ul",
        { class: "examples" },
        ...EXAMPLES.map(({ id, label }) => el("li", {}, el("button", { type: "button", value: id }, label))),
      ),
      emptyMap(STAGES.filter((stage) => stage !== "client")),
      el(
        "p",
        { class: "hint" },
        "Each call passes these links. What you paste shows which of them work, which one is broken, and how to fix it.",
      ),
    ),
  );
}

function form(): HtmlElement {
  return el(
    "form",
    { class: "drop", id: "ask" },
    el("label", { for: "words" }, "Paste anywhere (Ctrl+V), or drop files"),
    el("textarea", {
      id: "words",
      rows: "2",
      spellcheck: "false",
      autocomplete: "off",
      translate: "no",
      placeholder: "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)",
    }),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "submit" }, "Diagnose"),
      el("button", { type: "button", class: "second", id: "clear" }, "Clear"),
      el("label", { for: "files", class: "unseen-words" }, "Files"),
      el("input", { type: "file", id: "files", multiple: "" }),
    ),
  );
}

function foot(notices: string): HtmlElement {
  return el(
    "footer",
    {},
    el(
      "p",
      {},
      el("a", { id: "save-page", href: "#", download: "doctor.html" }, "Save this page"),
      " to use it offline.",
    ),
    el("details", {}, el("summary", {}, "Licenses"), el("pre", { translate: "no" }, notices)),
  );
}
