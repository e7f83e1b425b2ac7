import type { Audience } from "../../fixes/fix.ts";
import type { DoctorReport, ReportedCause, ReportedFinding, ReportedSuspicion } from "../report-schema.ts";
import {
  audienceWords,
  BESIDE_CAUSE,
  causeCodes,
  countWords,
  headWords,
  healthyWords,
  identityWords,
  NEXT_STEP,
  neededWords,
  notSeenWords,
  unknownWords,
} from "../words.ts";
import { chainPicture } from "./chain-picture.ts";
import { drawnLinks, STATE_SIGNS, STATE_WORDS } from "./links.ts";
import { el, type HtmlElement, type HtmlNode, type Optional, present } from "./node.ts";

export interface ReportOptions {
  /** Prefix of its ids, where a page has several reports: `context-2-`. */
  readonly prefix?: string;
  /** Whether the outcome of each rule is unfolded: it must be where no script can unfold it for the printer. */
  readonly isOpen: boolean;
}

/**
 * A report as sections, the verdict first. `report` comes from `printable`, so that no character in it can reorder a line.
 */
export function reportSections(report: DoctorReport, { prefix = "", isOpen }: ReportOptions): HtmlElement[] {
  const { healthy, tried, rootCauses, suspicions } = report;
  return present([
    el(
      "header",
      { class: "verdict" },
      el("h2", { id: `${prefix}verdict`, tabindex: "-1" }, headingOf(report)),
      healthy && el("p", {}, ...withCode(healthyWords(report))),
      tried !== undefined && !healthy && el("p", {}, "Tried: ", el("code", {}, tried)),
    ),
    chainSection(report),
    ...rootCauses.map(causeSection),
    unknownSection(report),
    rootCauses.length > 0 && suspicions.length > 0 && section(BESIDE_CAUSE, suspicionList(suspicions)),
    warningSection(report),
    messageSection(report),
    identitySection(report),
    limits(report, isOpen),
  ]);
}

function section(heading: string, ...children: readonly HtmlElement[]): HtmlElement {
  return el("section", {}, el("h3", {}, heading), ...children);
}

/** `Context lab: E1 certain`; without a kubeconfig, only the verdict. */
function headingOf(report: DoctorReport): string {
  const verdict = verdictWords(report);
  if (report.context !== undefined) return `${headWords(report)}: ${verdict}`;
  return `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}`;
}

/** The verdict in a few words: `E1 certain`, `no fault found`, `the cause is not known`. */
export function verdictWords({ healthy, rootCauses }: DoctorReport): string {
  if (healthy) return "no fault found";
  if (rootCauses.length === 0) return "the cause is not known";
  return rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`).join(", ");
}

/** A sentence, with what stands between backticks as code. */
function withCode(sentence: string): HtmlNode[] {
  return sentence
    .split("`")
    .map((part, index) => (index % 2 === 1 ? el("code", {}, part) : part))
    .filter((part) => part !== "");
}

function chainSection(report: DoctorReport): HtmlElement {
  const links = drawnLinks(report);
  return el(
    "section",
    { class: "chain" },
    el("h3", {}, "How far the call gets"),
    chainPicture(links),
    el(
      "ol",
      { class: "links" },
      ...links.map(({ name, state, causes, looked }) =>
        el(
          "li",
          { class: state },
          el("span", { class: "sign", "aria-hidden": "true" }, STATE_SIGNS[state]),
          " ",
          el("strong", {}, name),
          " ",
          `${STATE_WORDS[state]}${causes === "" ? "" : ` (${causes})`}`,
          looked !== "" && el("span", { class: "looked" }, ` – ${looked}`),
        ),
      ),
    ),
  );
}

function causeSection(cause: ReportedCause): HtmlElement {
  const { confidence, summary, evidence, falsifiedBy, explains, code } = cause;
  return el(
    "section",
    { class: "cause" },
    el("h3", {}, `${cause.cause} ${confidence}: `, ...withCode(summary)),
    el("p", { class: "code" }, `Rule ${code}`),
    evidence.length > 0 && el("ul", {}, ...evidence.map((text) => el("li", {}, ...withCode(text)))),
    el("p", {}, el("strong", {}, "Not the cause if: "), ...withCode(falsifiedBy)),
    ...explains.map(({ cause: row, summary: said }) =>
      el("p", {}, el("strong", {}, "Also explains: "), `${row}: `, ...withCode(said)),
    ),
    ...fixes(cause),
  );
}

function fixes({ fixes: all, cause }: ReportedFinding): HtmlElement[] {
  return all.map(({ audience, description, commands, text, unprintable }) =>
    el(
      "div",
      { class: "fix" },
      el("h4", {}, `Fix ${cause} (${forWhom(audience)}): `, ...withCode(description)),
      commands.length > 0 && toCopy("Commands of the fix", commands.join("\n")),
      text !== undefined && toCopy("Text of the fix", text.trimEnd()),
      ...unprintable.map((reason) => el("p", {}, `No command is printed: ${reason}.`)),
    ),
  );
}

/**
 * A text to copy. It may be wider than the page, so it takes the focus and has a name: then it can be scrolled by keyboard. It is a
 * group, not a region, since a region is a landmark, and there are many of these.
 */
export function toCopy(name: string, text: string): HtmlElement {
  return el("pre", { tabindex: "0", role: "group", "aria-label": name }, el("code", {}, text));
}

function forWhom(audience: Audience): string {
  return audience === "you" ? "for you" : `for the ${audienceWords(audience)}`;
}

function unknownSection(report: DoctorReport): Optional<HtmlElement> {
  const { healthy, rootCauses, suspicions, unknown } = report;
  if (healthy || rootCauses.length > 0) return undefined;
  const fetched = unknown?.fetchNext ?? [];
  const isBare = suspicions.length > 0 && report.context === undefined && fetched.length > 0;
  const next = suspicions.length > 0 ? [] : fetched;
  const commands = next.map(({ part, command }) => el("li", {}, part, toCopy("How to collect it", command)));
  return el(
    "section",
    { class: "cause" },
    el("h3", {}, unknownWords(report)),
    suspicions.length > 0 && suspicionList(suspicions),
    isBare && el("p", {}, NEXT_STEP),
    isBare && toCopy("What to run next", fetched.map(({ command }) => command).join("\n")),
    commands.length > 0 && el("p", {}, "Collect next:"),
    commands.length > 0 && el("ul", {}, ...commands),
  );
}

function suspicionList(suspicions: readonly ReportedSuspicion[]): HtmlElement {
  return el(
    "ol",
    { class: "suspicions" },
    ...suspicions.map(({ causes, summary, hints, audience, confirmedBy }) =>
      el(
        "li",
        {},
        ...withCode(summary),
        ` [${causeCodes(causes)}]`,
        hints.length > 0 && el("ul", {}, ...hints.map((hint) => el("li", {}, ...withCode(hint)))),
        el("p", {}, el("strong", {}, `${audienceWords(audience)}: `), ...withCode(confirmedBy)),
      ),
    ),
  );
}

function warningSection({ warnings }: DoctorReport): Optional<HtmlElement> {
  const shown = warnings.map((warning) =>
    el(
      "div",
      { class: "warning" },
      el("p", {}, `${warning.cause}: `, ...withCode(warning.summary), ` [${warning.code}]`),
      ...fixes(warning),
    ),
  );
  return shown.length > 0 && section("Warnings", ...shown);
}

function messageSection({ adminMessage }: DoctorReport): Optional<HtmlElement> {
  return (
    adminMessage !== undefined &&
    section("Message to your cluster admin", toCopy("The message", adminMessage.trimEnd()))
  );
}

function identitySection(report: DoctorReport): Optional<HtmlElement> {
  const rows = identityWords(report, (iso) => iso);
  const entries = rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  return rows.length > 0 && section("Who", el("dl", {}, ...entries));
}

function limits(report: DoctorReport, isOpen: boolean): HtmlElement {
  const { passed, notApplicable, undecided } = report.checked;
  const notSeen = notSeenWords(report);
  return el(
    "details",
    isOpen ? { open: "" } : {},
    el("summary", {}, `Checked: ${countWords(report.checked)}`),
    ...rules("Could not see", notSeen),
    ...rules(
      "Passed",
      passed.map(({ expects, code }) => `${expects} [${code}]`),
    ),
    ...rules(
      "Could not decide",
      undecided.map(({ missing, code }) => `${neededWords(missing)} [${code}]`),
    ),
    ...rules(
      "Does not apply",
      notApplicable.map(({ why, code }) => `${why} [${code}]`),
    ),
  );
}

function rules(heading: string, lines: readonly string[]): HtmlElement[] {
  if (lines.length === 0) return [];
  return [el("h4", {}, heading), el("ul", {}, ...lines.map((line) => el("li", {}, ...withCode(line))))];
}
