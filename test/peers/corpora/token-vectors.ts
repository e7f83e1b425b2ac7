import fs from "node:fs";
import type { Verdict } from "./token-verdicts.ts";
import type { TokenCase } from "./tokens.ts";

/** A token, who was asked about it, and what aws-iam-authenticator said before it asked STS; nothing where it did ask. */
interface TokenVector extends Omit<TokenCase, "cluster"> {
  readonly step?: number;
  readonly refusal?: string;
}

interface TokenVectors {
  readonly source: string;
  /** ISO 8601: when. */
  readonly judgedAt: string;
  readonly vectors: readonly TokenVector[];
}

const FILE = new URL("../../vectors/eks-tokens.json", import.meta.url);

/** How many tokens are kept of a rule, if not two. Of edits none, for there several rules may be broken. */
const KEPT: Readonly<Record<string, number>> = {
  "1 size": 1,
  "3 base64": 4,
  "4 URL": 8,
  "5 host": 6,
  "12 form": 6,
  "13 size": 1,
  odd: 40,
  elsewhere: 6,
  edit: 0,
};

export function readVectors(): TokenVectors {
  return JSON.parse(fs.readFileSync(FILE, "utf8")) as TokenVectors;
}

/** Keeps the shortest tokens of each rule, of each text of the log one. Answers of STS are not replayed. */
export function writeVectors(
  judged: readonly { readonly one: TokenCase; readonly real: Verdict }[],
  { now, formStep }: { readonly now: number; readonly formStep: (verdict: Verdict) => number | undefined },
): void {
  const rules = Map.groupBy(judged, ({ one }) => one.rule);
  const vectors = [...rules].flatMap(([rule, list]) => {
    if (/^1[45]/.test(rule)) return [];
    const short = list.toSorted((a, b) => a.one.token.length - b.one.token.length);
    const texts = Map.groupBy(short, ({ real }) => ("refusal" in real ? real.refusal : ""));
    const chosen = texts.size === 1 ? short : [...texts.values()].flatMap(([first]) => first ?? []);
    return chosen
      .slice(0, KEPT[rule] ?? 2)
      .map(({ one: { token, partition, region }, real }): TokenVector => {
        const step = formStep(real);
        const refused = step === undefined || "caller" in real ? {} : { step, refusal: real.refusal };
        return { rule, token, partition, region, ...refused };
      });
  });
  const source =
    "aws-iam-authenticator 0.7.18, asked by test/peers/corpora/tokens.peer.ts with UPDATE_VECTORS=1; the keys are canaries";
  const head = JSON.stringify({ source, judgedAt: new Date(now).toISOString() }).slice(0, -1);
  const lines = vectors.map((vector) => JSON.stringify(vector)).join(",\n");
  fs.writeFileSync(FILE, `${head},"vectors":[\n${lines}\n]}\n`);
}
