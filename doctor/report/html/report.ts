import type { Shell } from "../../../token/command/render-command.ts";
import type { DoctorReport, ReportedCause, ReportedFinding } from "../report-schema.ts";
import { printable, withShortArns } from "../short-arns.ts";
import {
  audienceWords,
  BESIDE_CAUSE,
  countWords,
  fixWords,
  healthyWords,
  identityWords,
  neededWords,
  notSeenWords,
  outcomeOf,
  unknownWords,
} from "../words.ts";
import { chainMap } from "./chain-map.ts";
import { drawnLinks } from "./links.ts";
import { bullets, el, type HtmlElement, labelled, type Optional, present, withCode } from "./node.ts";
import { nextCard, suspicionList } from "./not-known.ts";
import { capitalized, toCopy } from "./to-copy.ts";
import { codeLink, webLinks } from "./web-links.ts";

export interface ReportOptions {
  /** Prefix of its ids, where a page has several reports: `context-2-`. */
  readonly prefix?: string;
  /** Where it stands: in the page, which has a script; as a document; or as one of several in a document. */
  readonly place: "page" | "document" | "fleet";
  /** Shell of the page. */
  readonly shell?: Shell;
  /** Name of the client whose call fails; empty: kubectl. */
  readonly client?: string;
}

/**
 * A report as sections, the answer first. `report` comes from `shownReport`.
 */
export function reportSections(report: DoctorReport, options: ReportOptions): HtmlElement[] {
  const { rootCauses, suspicions } = report;
  const [first, ...others] = rootCauses;
  const message = messageCard(report, options);
  const acting = present([
    first && fixCard(first),
    nextCard(report, { ...options, isPage: options.place === "page" }),
    message,
  ]);
  const isPair = acting.length > 1 && first !== undefined && options.place !== "fleet";
  return present([
    answerCard(report, options),
    acting.length > 0 && el("div", { class: isPair ? "two" : "one" }, ...acting),
    first && whyFolded(first),
    ...others.map(causeSection),
    rootCauses.length > 0 && suspicions.length > 0 && section(BESIDE_CAUSE, suspicionList(suspicions)),
    warningSection(report),
    options.place === "page" && message === undefined && savingButtons(),
    identityFolded(report),
    limits(report),
  ]);
}

/** A report as it is shown: no character of it reorders a line, and sentences have short ARNs. */
export function shownReport(raw: DoctorReport): DoctorReport {
  return withShortArns(printable(raw, { unicode: true }));
}

/** The verdict in one sentence, and what is said after it. */
export function verdictSentence(report: DoctorReport): readonly [sentence: string, more: string] {
  const [cause] = report.rootCauses;
  if (cause !== undefined && !report.healthy) return [cause.summary, cause.evidence[0] ?? ""];
  const words = report.healthy ? healthyWords(report) : unknownWords(report);
  const end = words.indexOf(". ");
  return end < 0 ? [words, ""] : [words.slice(0, end + 1), words.slice(end + 2)];
}

/** The verdict in a few words: `E1 certain`, `no fault found`, `the cause is not known`. */
export function verdictWords({ healthy, rootCauses }: DoctorReport): string {
  if (healthy) return "no fault found";
  if (rootCauses.length === 0) return "the cause is not known";
  return rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`).join(", ");
}

function answerCard(report: DoctorReport, { prefix = "", place }: ReportOptions): HtmlElement {
  const { healthy, tried, rootCauses, suspicions } = report;
  const [sentence, more] = verdictSentence(report);
  const isOpen = !healthy && rootCauses.length === 0;
  return el(
    "section",
    { class: `card verdict ${outcomeOf(report)}` },
    sureLine(report),
    el(place === "fleet" ? "h2" : "h1", { id: `${prefix}verdict`, tabindex: "-1" }, ...withCode(sentence)),
    more !== "" && el("p", { class: "lead" }, ...withCode(more)),
    tried !== undefined &&
      !healthy &&
      rootCauses.length > 0 &&
      el("p", { class: "tried" }, "Tried: ", code(tried)),
    isOpen && suspicions.length > 0 && suspicionList(suspicions),
    chainMap(drawnLinks(report), prefix),
  );
}

function code(text: string): HtmlElement {
  return el("code", { translate: "no" }, text);
}

/** How sure it is, who can fix it, where, and the code in small. */
function sureLine(report: DoctorReport): HtmlElement {
  const { healthy, context, rootCauses, warnings } = report;
  const [cause] = rootCauses;
  const sure = cause?.confidence ?? "cause not known";
  const isWarned = healthy && warnings.length > 0;
  const words = healthy ? (isWarned ? "Healthy, with warnings" : "Healthy") : capitalized(sure);
  const [fix] = cause?.fixes ?? [];
  const place = [
    ...(fix === undefined
      ? []
      : [`${fix.audience === "you" ? "you" : `the ${audienceWords(fix.audience)}`} can fix this`]),
    ...(context === undefined ? [] : [`context ${shortName(context)}`]),
  ];
  return el(
    "p",
    { class: "sure" },
    el("strong", {}, words),
    ...place.map((text) => ` · ${text}`),
    cause !== undefined && " · ",
    cause !== undefined && codeLink(cause.cause, cause.pages),
  );
}

/** A context named by the cluster's ARN is called by the cluster's name. */
export function shortName(context: string): string {
  return /^arn:[\w-]+:eks:[\w-]+:\d+:cluster\/(.+)$/.exec(context)?.[1] ?? context;
}

function section(heading: string, ...children: readonly HtmlElement[]): HtmlElement {
  return el("section", { class: "card" }, el("h2", {}, heading), ...children);
}

function folded(heading: string, ...children: readonly Optional<HtmlElement>[]): HtmlElement {
  return el("details", { class: "folded" }, el("summary", {}, heading), ...children);
}

/** The first fix, and the others folded. */
function fixCard({ fixes }: ReportedFinding): Optional<HtmlElement> {
  const [first, ...others] = fixes;
  if (first === undefined) return undefined;
  return el(
    "section",
    { class: "card fix" },
    el("h2", {}, fixWords(first)[0]),
    ...fixBody(first),
    ...others.map(foldedFix),
  );
}

type ReportedFix = ReportedFinding["fixes"][number];

function foldedFix(fix: ReportedFix): HtmlElement {
  const [heading, words] = fixWords(fix);
  return el(
    "details",
    { class: "fix" },
    el("summary", {}, `${heading}: `, ...withCode(words)),
    ...fixBody(fix).slice(1),
  );
}

function fixBody({ description, commands, text, unprintable }: ReportedFix): HtmlElement[] {
  return present([
    el("p", {}, ...withCode(description)),
    commands.length > 0 && toCopy("Commands of the fix", commands.join("\n")),
    text !== undefined && toCopy("Text of the fix", text.trimEnd()),
    ...unprintable.map((reason) => el("p", {}, `No command is printed: ${reason}.`)),
  ]);
}

/** One more cause, which is independent of the first. */
function causeSection(cause: ReportedCause): HtmlElement {
  return el(
    "section",
    { class: "card cause" },
    el(
      "p",
      { class: "sure" },
      el("strong", {}, capitalized(cause.confidence)),
      " · ",
      codeLink(cause.cause, cause.pages),
    ),
    el("h2", {}, "Also broken: ", ...withCode(cause.summary)),
    fixCard(cause),
    whyFolded(cause),
  );
}

function whyFolded({ evidence, falsifiedBy, explains, code: rule, pages }: ReportedCause): HtmlElement {
  return folded(
    "What shows it, and what would prove it wrong",
    evidence.length > 0 && bullets(evidence),
    labelled("Not the cause if", falsifiedBy),
    ...explains.map(({ cause: row, summary }) =>
      el(
        "p",
        {},
        el("strong", {}, "Also explains: "),
        ...withCode(summary),
        " ",
        el("span", { class: "code" }, row),
      ),
    ),
    el("p", { class: "small" }, `Rule ${rule}`, ...webLinks(pages.slice(1))),
  );
}

function warningSection({ warnings }: DoctorReport): Optional<HtmlElement> {
  const shown = warnings.map((warning) =>
    el(
      "div",
      { class: "warning" },
      el("p", {}, ...withCode(warning.summary), " ", codeLink(warning.cause, warning.pages)),
      ...warning.fixes.map(foldedFix),
    ),
  );
  return shown.length > 0 && section("Warnings", ...shown);
}

/** The message to the admins; where the cause is not known, collecting more comes first, and it is folded. */
function messageCard(
  { adminMessage, rootCauses }: DoctorReport,
  { place }: ReportOptions,
): Optional<HtmlElement> {
  if (adminMessage === undefined) return undefined;
  const isPage = place === "page";
  const body = present([
    isPage && messageForms(),
    toCopy("The message", adminMessage.trimEnd()),
    isPage && el("p", {}, "Attach ", code("case.json"), ", which the message mentions:"),
    isPage && savingButtons(),
  ]);
  const heading = "Not an admin? Send this";
  const isFolded = place === "fleet" || rootCauses.length === 0;
  const inner = isFolded ? [folded(heading, ...body)] : [el("h2", {}, heading), ...body];
  return el("section", { class: "card message" }, ...inner);
}

/** How a message is copied. */
function messageForms(): HtmlElement {
  const forms = [
    ["plain", "plain text"],
    ["slack", "Slack"],
    ["jira", "Jira"],
    ["github", "GitHub comment"],
  ] as const;
  return el(
    "p",
    { class: "form" },
    el("label", { for: "form" }, "Copy it as "),
    el(
      "select",
      { id: "form", autocomplete: "off" },
      ...forms.map(([value, words]) => el("option", { value }, words)),
    ),
  );
}

function savingButtons(): HtmlElement {
  return el(
    "p",
    { class: "actions", id: "saving" },
    el("button", { type: "button", class: "second", id: "save-evidence" }, "Save case.json"),
    el("button", { type: "button", class: "second", id: "save-report" }, "Save the report"),
  );
}

function identityFolded(report: DoctorReport): Optional<HtmlElement> {
  const rows = identityWords(report, (iso) => iso);
  const entries = rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", { translate: "no" }, value)]);
  return rows.length > 0 && folded("Who", el("dl", {}, ...entries));
}

/** What was checked, with equal reasons in one line. */
function limits(report: DoctorReport): HtmlElement {
  const { passed, notApplicable, undecided } = report.checked;
  return folded(
    `Checked: ${countWords(report.checked)}`,
    ...lines("Could not see", notSeenWords(report)),
    ...lines(
      "Passed",
      passed.map(({ expects }) => expects),
    ),
    ...lines("Could not decide", grouped(undecided.map(({ missing }) => neededWords(missing)))),
    ...lines("Does not apply", grouped(notApplicable.map(({ why }) => why))),
  );
}

/** `17 rules: nothing denies a request`; the most frequent first. */
function grouped(reasons: readonly string[]): string[] {
  return [...Map.groupBy(reasons, (reason) => reason)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, { length }]) => (length === 1 ? reason : `${length} rules: ${reason}`));
}

function lines(heading: string, texts: readonly string[]): HtmlElement[] {
  if (texts.length === 0) return [];
  return [el("h3", {}, heading), bullets(texts)];
}
