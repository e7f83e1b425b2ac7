import { SHELLS } from "../../token/command/render-command.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import { UNKNOWN_NAMES } from "../evidence/part.ts";
import { type EvidencePart, partEntry } from "../evidence/parts.ts";
import { documentText, sourceHash } from "../report/html/document.ts";
import { el, type HtmlElement } from "../report/html/node.ts";
import { toCopy } from "../report/html/report.ts";
import { STYLE } from "../report/html/style.ts";
import { htmlText } from "../report/html/write-text.ts";

/** What the page is made of. */
export interface PageParts {
  /** Script of the page itself. */
  readonly script: string;
  /** Script of its worker, compressed by DEFLATE (RFC 1951), in base64. */
  readonly worker: string;
  /** The licences of what is in it. */
  readonly notices: string;
}

/** The whole page: it has no link to anywhere, and its policy forbids every request. */
export function pageText({ script, worker, notices }: PageParts): string {
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
  return documentText({ title: "kubectl vouch doctor", policy, style: STYLE }, [
    htmlText(main(notices)),
    `<script type="text/plain" id="worker">${worker}</script>`,
    `<script>${script}</script>`,
  ]);
}

/** The parts that help most, in the order in which people collect them. */
const WORTH: readonly EvidencePart[] = [
  "kubeconfig",
  "callerIdentity",
  "cluster",
  "accessEntries",
  "accessEntryDetails",
  "associatedPolicies",
  "role",
  "selfSubjectReview",
  "awsAuth",
  "rbac",
];

function main(notices: string): HtmlElement {
  return el(
    "main",
    {},
    el("h1", {}, "Why does EKS refuse?"),
    el(
      "p",
      {},
      "Paste the error, and the kubectl and aws commands together with what they printed; or drop files, such as a bundle of the doctor. The more there is, the surer the answer. Nothing leaves this page: it has no network and keeps nothing. Tokens and keys are masked as you paste them; what you type is masked before it is judged.",
    ),
    form(),
    el(
      "details",
      { class: "ask" },
      el("summary", {}, "Commands whose output helps most"),
      el("p", {}, "Run them as the one who is refused, with the same profile and variables."),
      toCopy("Commands to run", WORTH.flatMap(collecting).join("\n")),
    ),
    el("p", { id: "status", role: "status" }),
    el("noscript", {}, "This page needs its script to judge: allow it, or use the kubectl plugin."),
    el(
      "details",
      { id: "taken", hidden: "" },
      el("summary", { id: "taken-words" }, "What was pasted was read as"),
      el("div", { id: "pieces" }),
    ),
    el("div", { id: "report" }),
    el(
      "div",
      { id: "saving", class: "actions", hidden: "" },
      el("button", { type: "button", class: "second", id: "save-report" }, "Save the report"),
      el("button", { type: "button", class: "second", id: "save-evidence" }, "Save the evidence"),
    ),
    el("footer", {}, el("details", {}, el("summary", {}, "Licences"), toCopy("Licences", notices))),
  );
}

/** The command lines that collect a part, ready to be pasted into a shell, without the words around them. */
function collecting(part: EvidencePart): string[] {
  const source = partEntry(part).source(UNKNOWN_NAMES);
  const commands = typeof source === "string" ? [] : source.filter((item) => typeof item !== "string");
  return commands.map((command) => sentenceText([command], "bash").slice(1, -1));
}

function form(): HtmlElement {
  return el(
    "form",
    { class: "ask", id: "ask" },
    el("label", { for: "words" }, "What you saw"),
    el("textarea", { id: "words", rows: "14", spellcheck: "false", autocomplete: "off" }),
    el("label", { for: "files" }, "Files"),
    el("input", { type: "file", id: "files", multiple: "" }),
    el("ul", { id: "dropped" }),
    el(
      "div",
      { class: "actions" },
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
        el(
          "label",
          { for: "redact" },
          "Leave out account IDs, hosts and names of people, roles and clusters",
        ),
      ),
    ),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "submit" }, "Diagnose"),
      el("button", { type: "button", class: "second", id: "clear" }, "Clear"),
    ),
  );
}
