import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { RULES } from "../../../doctor/causes/index.ts";
import { rankSuspicions } from "../../../doctor/causes/rank-suspicions.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { isSame } from "../support/same-row.ts";

const CASES = path.join(import.meta.dirname, "cases");

/** A text as somebody pasted it, and the rows that a senior EKS engineer accepts as its cause; none: it is no access problem. */
export interface CorpusCase {
  readonly name: string;
  readonly source: string;
  readonly answer: readonly string[];
  /** Whether the case is one of the third that nobody looks at while working on the doctor. */
  readonly isSetAside: boolean;
  readonly text: string;
}

/** *right*: named first, or among the first three that are ranked. */
export type Answer = "right" | "wrong" | "wrong and certain" | "nothing";

export function corpus(): CorpusCase[] {
  return fs.readdirSync(CASES).map((file) => {
    const text = fs.readFileSync(path.join(CASES, file), "utf8");
    const [head = "", ...body] = text.split(/^---\n/m);
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, "m").exec(head)?.[1] ?? "";
    const answer = field("answer")
      .split(/, */)
      .filter((row) => row !== "none");
    const isSetAside = (createHash("sha256").update(file).digest()[0] ?? 0) % 3 === 0;
    return { name: file, source: field("source"), answer, isSetAside, text: body.join("---\n") };
  });
}

/** Judges what the doctor says to the text alone. */
export function judge({ answer, text }: CorpusCase): { readonly verdict: Answer; readonly said: string } {
  const { evidence } = readPasted([{ text }], Date.parse("2026-12-01T00:00:00Z"));
  const facts = deriveFacts(evidence);
  const diagnosis = diagnose(RULES, facts);
  const suspicions = rankSuspicions(diagnosis, facts);
  const isRight = (causes: readonly string[]) =>
    causes.some((cause) => answer.some((row) => isSame(cause, row)));
  const [root] = diagnosis.rootCauses;
  const ranked = suspicions.slice(0, 3).flatMap(({ causes }) => causes);
  const said = root === undefined ? `? ${ranked.join(" ")}` : `${root.cause} ${root.confidence}`;
  if (answer.length === 0) {
    const isAccused = root !== undefined && root.confidence !== "possible";
    return {
      verdict: isAccused ? (root.confidence === "certain" ? "wrong and certain" : "wrong") : "right",
      said,
    };
  }
  if (root === undefined) {
    if (suspicions.length === 0) return { verdict: "nothing", said };
    return { verdict: isRight(ranked) ? "right" : "wrong", said };
  }
  const named = [root.cause, ...root.consequences.map(({ cause }) => cause)];
  if (isRight(named) || (root.confidence === "possible" && isRight(ranked)))
    return { verdict: "right", said };
  return { verdict: root.confidence === "certain" ? "wrong and certain" : "wrong", said };
}
