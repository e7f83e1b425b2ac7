import { VouchError } from "../../token/errors/errors.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import { shownLines } from "../../token/text/printable.ts";
import { readEvidence } from "../evidence/read-evidence.ts";
import { redactEvidence } from "../evidence/redact.ts";
import { htmlReport } from "../html/document.ts";
import { el, type HtmlElement } from "../html/node.ts";
import { reportSections, verdictWords } from "../html/report.ts";
import { judge } from "../judge.ts";
import { placeWords, takenWords, whyNothing } from "../paste/part-words.ts";
import { plainLines } from "../paste/plain-lines.ts";
import { isBundle, type Pasted, type PastedText, readPasted, type TakenPiece } from "../paste/read-paste.ts";
import { withTokensExplained } from "../paste/tokens-explained.ts";
import { printable } from "../report/printable.ts";
import { RULES } from "../rules/index.ts";
import type { PageAnswer, PageRequest } from "./messages.ts";

/** What the worker of the page does. Pure. */
export function answer(request: PageRequest): PageAnswer {
  const { id, texts, now } = request;
  try {
    if (request.kind === "mask") return { id, kind: "masked", texts: texts.map((text) => masked(text, now)) };
    const pasted = readPasted(texts, now);
    if (!pasted.taken.some(({ parts }) => parts.length > 0))
      return { id, kind: "refused", why: whyNothing(pasted) };
    return { id, ...judged(pasted, request) };
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    return { id, kind: "refused", why: shownLines(error.message) };
  }
}

/** A text without anything that lets somebody in; of a token stays what it says. */
function masked({ name, text }: PastedText, now: number): PastedText {
  if (isBundle(text)) return { name, text: maskedBundle(text) };
  return { name, text: maskText(withTokensExplained(plainLines(text), now)) };
}

/** A bundle is masked part by part: there a name such as `token` is that of a part. */
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
  { texts, shell, redact }: Extract<PageRequest, { readonly kind: "judge" }>,
): Omit<Extract<PageAnswer, { readonly kind: "judged" }>, "id"> {
  const { evidence, report } = judge(raw, { rules: RULES, redact, shell, format: "aws" });
  const shown = printable(report, { unicode: true });
  return {
    kind: "judged",
    status: `Diagnosis: ${verdictWords(shown)}`,
    taken: takenList(taken, texts),
    takenWords: countWords(taken),
    isLeftOut: taken.some(({ parts }) => parts.length === 0),
    report: reportSections(shown, { isOpen: false }),
    document: htmlReport(report),
    evidence: shownLines(`${JSON.stringify(evidence, null, 2)}\n`),
  };
}

/** `What was pasted was taken for (12 pieces, 1 left out)` */
function countWords(taken: readonly TakenPiece[]): string {
  const left = taken.filter(({ parts }) => parts.length === 0).length;
  const pieces = taken.length === 1 ? "1 piece" : `${taken.length} pieces`;
  return `What was pasted was taken for (${pieces}${left === 0 ? "" : `, ${left} left out`})`;
}

function takenList(taken: readonly TakenPiece[], texts: readonly PastedText[]): HtmlElement[] {
  const lines = taken.map((piece) => {
    const { name } = texts[piece.text] ?? {};
    const place = `${name === undefined ? "" : `${shownLines(name)}, `}${placeWords(piece)}`;
    return el(
      "li",
      piece.parts.length > 0 ? {} : { class: "left" },
      el("strong", {}, `${place}: `),
      takenWords(piece),
    );
  });
  return [el("ul", {}, ...lines)];
}
