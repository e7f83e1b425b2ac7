import type { Shell } from "../../token/command/render-command.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import { shown, shownLines } from "../../token/text/printable.ts";
import { findCause, pagesOf, RULES } from "../causes/index.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import { readEvidence } from "../evidence/read-evidence.ts";
import { redactEvidence } from "../evidence/redact.ts";
import { judge } from "../judge.ts";
import { type MadeText, maskedPaste } from "../paste/masked-paste.ts";
import {
  isBundle,
  type Pasted,
  type PastedText,
  placeWords,
  readPasted,
  takenWords,
  whyNothing,
} from "../paste/read-paste.ts";
import { htmlReport } from "../report/html/document.ts";
import { el, type HtmlElement, withCode } from "../report/html/node.ts";
import { reportSections, shownReport, verdictSentence } from "../report/html/report.ts";
import { webLinks } from "../report/html/web-links.ts";
import { bundleOfReport } from "./file-text.ts";
import type { Judged, PageAnswer, PageRequest, SentText, TakenLine } from "./messages.ts";

/** What the worker of the page does. Pure. */
export function answer(request: PageRequest<string>): PageAnswer<string> {
  const { id, now } = request;
  try {
    if (request.kind === "explain") return { id, ...explained(request.row) };
    if (request.kind === "mask")
      return { id, kind: "masked", texts: request.texts.map((text) => masked(text, now)) };
    const texts = request.texts.map((text) => toRead(text, now));
    const pasted = readPasted(texts, now);
    if (!pasted.taken.some(({ parts }) => parts.length > 0))
      return { id, kind: "refused", why: whyNothing(pasted), taken: takenLines(pasted, texts) };
    return { id, ...judged(pasted, { ...request, texts }) };
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    return { id, kind: "refused", why: shownLines(error.message) };
  }
}

/** A text with its secrets masked; what its tokens say is kept. Of a saved report, its evidence is. */
function masked({ name, text: given, problem }: SentText<string>, now: number): SentText<string> {
  if (problem !== undefined) return { name, text: "", problem };
  const text = bundleOfReport(given) ?? given;
  if (isBundle(text)) return { name, text: maskedBundle(text) };
  return { name, text: maskedPaste(text, now).text };
}

/** A text as it is judged, with the line numbers of the original. */
type JudgedText = PastedText & MadeText;

/** What is judged, and how. */
type Judging = Pick<Extract<PageRequest, { readonly kind: "judge" }>, "shell" | "client" | "redact"> & {
  readonly texts: readonly JudgedText[];
};

/**
 * Masks a text once more. A bundle is read as it is, so that its mistakes are reported with their place; its parts are masked when
 * they are judged.
 */
function toRead({ name, text }: PastedText, now: number): JudgedText {
  return { name, ...(isBundle(text) ? { text, lineOf: (line: number) => line } : maskedPaste(text, now)) };
}

/** A bundle is masked part by part, since names such as `token` are names of parts there. */
function maskedBundle(text: string): string {
  try {
    return JSON.stringify(redactEvidence(readEvidence(text), { names: false }), null, 2);
  } catch (error) {
    if (error instanceof VouchError) return maskText(text);
    throw error;
  }
}

function judged(pasted: Pasted, { texts, shell: chosen, client, redact }: Judging): Judged<string> {
  const shell = chosen ?? shellOfPrompts(texts);
  const given = withClient(pasted.evidence, client);
  const { evidence, report } = judge(given, { rules: RULES, redact, shell, format: "aws" });
  const seen = shownReport(report);
  const [cause] = seen.rootCauses;
  return {
    kind: "judged",
    status: `Diagnosis: ${verdictSentence(seen)[0]}${cause === undefined ? "" : ` (${cause.confidence})`}`,
    shell,
    taken: takenLines(pasted, texts),
    report: reportSections(seen, { place: "page", shell, client: knownValue(given.client)?.name ?? "" }),
    document: htmlReport(report, evidence),
    evidence: shownLines(`${JSON.stringify(evidence, null, 2)}\n`),
  };
}

/** The evidence with the client that somebody names. */
function withClient(evidence: DoctorEvidence, name: string | undefined): DoctorEvidence {
  if (name === undefined) return evidence;
  if (name !== "") return { ...evidence, client: { ...knownValue(evidence.client), name } };
  const { client: _, ...rest } = evidence;
  return rest;
}

/** The shell whose prompt somebody copied: those of Windows say which they are. */
function shellOfPrompts(texts: readonly PastedText[]): Shell {
  const has = (prompt: RegExp) => texts.some(({ text }) => prompt.test(text));
  if (has(/^PS (?:[A-Za-z]:\\|\/)[^\r\n>]{0,200}>/m)) return "powershell";
  return has(/^[A-Za-z]:\\[^\r\n>]{0,200}>/m) ? "cmd" : "bash";
}

function takenLines({ taken }: Pasted, texts: readonly JudgedText[]): TakenLine[] {
  return taken.map((piece) => {
    const lineOf = texts[piece.text]?.lineOf ?? ((line: number) => line);
    return {
      text: piece.text,
      isUsed: piece.parts.length > 0,
      place: placeWords({ first: lineOf(piece.first), last: lineOf(piece.last) }),
      words: shown(takenWords(piece)),
    };
  });
}

type Explained =
  | { readonly kind: "explained"; readonly report: readonly HtmlElement[] }
  | { readonly kind: "refused"; readonly why: string };

/** What a code of the catalogue means. */
function explained(row: string): Explained {
  const cause = findCause(row);
  if (cause === undefined) return { kind: "refused", why: "Code not found in the catalog." };
  const expected = RULES.filter(({ causes }) => causes.includes(cause.id)).map(({ expects }) => expects);
  const pages = pagesOf(cause.id);
  const line = (text: string): HtmlElement => el("li", {}, ...withCode(text));
  const report = el(
    "section",
    { class: "card verdict" },
    el(
      "p",
      { class: "sure" },
      el("strong", {}, "What this code means"),
      " · ",
      el("span", { class: "code" }, cause.id),
    ),
    el("h1", { id: "verdict", tabindex: "-1" }, ...withCode(cause.what)),
    el("p", {}, el("strong", {}, "Symptoms: "), ...withCode(cause.seen)),
    el("p", {}, el("strong", {}, "What to do: "), ...withCode(cause.remedy)),
    el("p", {}, "A healthy setup:"),
    el("ul", {}, ...expected.map(line)),
    el("p", {}, "To find out whether yours is, paste the error and the commands with their output."),
    el("p", { class: "small" }, "Read more", ...webLinks(pages)),
  );
  return { kind: "explained", report: [report] };
}
