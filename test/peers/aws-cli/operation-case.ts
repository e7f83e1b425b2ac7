import type { Cluster, LabWorld } from "../../lab/model.ts";
import type { TestIssuer } from "../../lab-tests/aws/issuer.ts";

/** What a call finds: the default account with cluster `lab`, and the provider that its role VouchDeveloper trusts. */
export interface Stage {
  readonly world: LabWorld;
  readonly cluster: Cluster;
  readonly issuer: TestIssuer;
}

type Words = readonly string[] | ((stage: Stage) => readonly string[]);

/** One call of the AWS CLI, and what comes of it. */
export interface OperationCase {
  /** As policies name it: `eks:DescribeCluster`. */
  readonly operation: string;
  readonly what: string;
  /** Behind `aws`. */
  readonly words: Words;
  /** Members that the printed answer has among others, or the refusal: its code, a colon, and its sentence. */
  readonly answer?: object | ((stage: Stage) => object);
  readonly refusal?: string | RegExp;
  /** Changes the account before the call. */
  readonly prepare?: (stage: Stage) => void;
  /** Variables of whoever calls; the administrator's when absent. */
  readonly env?: (stage: Stage) => Readonly<Record<string, string>>;
}

type Circumstances = Pick<OperationCase, "prepare" | "env">;

/** A call that is answered. An empty `answer` says that nothing is printed. */
export function answered(
  operation: string,
  words: Words,
  answer: NonNullable<OperationCase["answer"]>,
  { what = "is answered", ...more }: Circumstances & { readonly what?: string } = {},
): OperationCase {
  return { operation, what, words, answer, ...more };
}

export function refused(
  operation: string,
  words: Words,
  refusal: string | RegExp,
  more: Circumstances = {},
): OperationCase {
  const what = `refuses with ${
    String(refusal)
      .replace(/^\/\^?/, "")
      .split(":")[0]
  }`;
  return { operation, what, words, refusal, ...more };
}

export function wordsOf({ words }: OperationCase, stage: Stage): readonly string[] {
  return typeof words === "function" ? words(stage) : words;
}
