import { VouchError } from "../../token/errors/errors.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import { shown, shownLines } from "../../token/text/printable.ts";
import { RULES } from "../causes/index.ts";
import { readEvidence } from "../evidence/read-evidence.ts";
import { redactEvidence } from "../evidence/redact.ts";
import { judge } from "../judge.ts";
import { maskedPaste } from "../paste/masked-paste.ts";
import { placeWords, takenWords, whyNothing } from "../paste/part-words.ts";
import { isBundle, type Pasted, type PastedText, readPasted, type TakenPiece } from "../paste/read-paste.ts";
import type { MadeText } from "../paste/tokens-explained.ts";
import { htmlReport } from "../report/html/document.ts";
import { el, type HtmlElement } from "../report/html/node.ts";
import { reportSections, verdictWords } from "../report/html/report.ts";
import { printable } from "../report/printable.ts";
import type { PageAnswer, PageRequest } from "./messages.ts";

/** What the worker of the page does. Pure. */
export function answer(request: PageRequest): PageAnswer {
  const { id, now } = request;
  try {
    if (request.kind === "mask")
      return { id, kind: "masked", texts: request.texts.map((pasted) => masked(pasted, now)) };
    const texts = request.texts.map((pasted) => toRead(pasted, now));
    const pasted = readPasted(texts, now);
    if (!pasted.taken.some(({ parts }) => parts.length > 0))
      return { id, kind: "refused", why: whyNothing(pasted) };
    return { id, ...judged(pasted, { ...request, texts }) };
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    return { id, kind: "refused", why: shownLines(error.message) };
  }
}

/** A text with its secrets masked; what its tokens say is kept. */
function masked({ name, text }: PastedText, now: number): PastedText {
  if (isBundle(text)) return { name, text: maskedBundle(text) };
  return { name, text: maskedPaste(text, now).text };
}

/** A text as it is judged, with the line numbers of the original. */
type ReadText = PastedText & MadeText;

/** What is judged, and how. */
type Judging = Pick<Extract<PageRequest, { readonly kind: "judge" }>, "shell" | "redact"> & {
  readonly texts: readonly ReadText[];
};

/**
 * Masks a text, which may have been typed. A bundle is read as it is, so that its mistakes are reported with their place; its parts
 * are masked when they are judged.
 */
function toRead({ name, text }: PastedText, now: number): ReadText {
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

function judged(
  { evidence: raw, taken }: Pasted,
  { texts, shell, redact }: Judging,
): Omit<Extract<PageAnswer, { readonly kind: "judged" }>, "id"> {
  const { evidence, report } = judge(raw, { rules: RULES, redact, shell, format: "aws" });
  const seen = printable(report, { unicode: true });
  return {
    kind: "judged",
    status: `Diagnosis: ${verdictWords(seen)}`,
    taken: takenList(taken, texts),
    takenHeading: takenHeading(taken),
    isLeftOut: taken.some(({ parts }) => parts.length === 0),
    report: reportSections(seen, { isOpen: false }),
    document: htmlReport(report),
    evidence: shownLines(`${JSON.stringify(evidence, null, 2)}\n`),
  };
}

/** `What was pasted was read as (12 pieces, 1 left out)` */
function takenHeading(taken: readonly TakenPiece[]): string {
  const left = taken.filter(({ parts }) => parts.length === 0).length;
  const pieces = taken.length === 1 ? "1 piece" : `${taken.length} pieces`;
  return `What was pasted was read as (${pieces}${left === 0 ? "" : `, ${left} left out`})`;
}

/** `case.json, lines 3–25` */
function placeIn(text: ReadText | undefined, { first, last }: TakenPiece): string {
  if (text === undefined) return placeWords({ first, last });
  const lines = placeWords({ first: text.lineOf(first), last: text.lineOf(last) });
  return text.name === undefined ? lines : `${shown(text.name)}, ${lines}`;
}

function takenList(taken: readonly TakenPiece[], texts: readonly ReadText[]): HtmlElement[] {
  const lines = taken.map((piece) => {
    const place = placeIn(texts[piece.text], piece);
    return el(
      "li",
      piece.parts.length > 0 ? {} : { class: "left" },
      el("strong", {}, `${place}: `),
      shown(takenWords(piece)),
    );
  });
  return [el("ul", {}, ...lines)];
}
