import { aws, type Options } from "../../token/command/command.ts";
import type { Sentence } from "../../token/command/sentence.ts";
import {
  closed,
  either,
  type Optional,
  open,
  optional,
  type Schema,
  type TypeOf,
  text,
} from "../../token/schema.ts";

export const FAILED = closed("The part was requested but could not be obtained.", {
  failed: text("The reason, in one line: `AccessDeniedException: …`."),
});

/** Values for the commands that show a part. */
export interface EvidenceNames {
  readonly cluster: string;
  readonly region: string;
  readonly partition: string;
  readonly roleArn: string;
  readonly role: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  /** Host of the API server. */
  readonly endpoint: string;
}

/** Placeholders in capitals, for a user to replace. */
export const UNKNOWN_NAMES: EvidenceNames = {
  cluster: "CLUSTER",
  region: "REGION",
  partition: "aws",
  roleArn: "ROLE_ARN",
  role: "ROLE",
  verb: "VERB",
  resource: "RESOURCE",
  namespace: "NAMESPACE",
  endpoint: "ENDPOINT",
};

/** One part of a bundle: all that is said about it anywhere. */
export interface PartEntry {
  readonly schema: Optional;
  /** What it is, for users. */
  readonly words: string;
  /** Where it comes from if no probe gathered it: a command, or a description of what to write. */
  readonly source: (names: EvidenceNames) => Sentence;
  /**
   * Whose it is. What is the caller's says nothing about anyone else; what is a principal's must be requested for its ARN. Parts
   * of a cluster and of a principal are read again by someone who can see more.
   */
  readonly about: "case" | "caller" | "principal" | "cluster" | "account";
  /** True: no probe gathers it. */
  readonly isOnlyTold?: true;
  /** The permission that its probe needs: an IAM action, or a verb and a resource of Kubernetes. */
  readonly right?: string;
  /** The error that null stands for: it was looked for, and does not exist. In the wording of the service that was asked. */
  readonly none?: string;
  /** Whether it has items, of which only some may be there. */
  readonly mayBeExcerpt?: true;
  /** The operation of the AWS CLI whose output it is: `eks describe-cluster`. */
  readonly aws?: string;
  /** The arguments of kubectl whose output it is. */
  readonly kubectl?: RegExp;
  /** The fields by which an answer of AWS is recognized: all of one list. Source: AWS CLI Command Reference, "Output". */
  readonly fields?: readonly (readonly string[])[];
  /**
   * Fields that its source always prints, such as `Role.CreateDate`: without one, someone left it out, and a rule that reads it is
   * not certain.
   */
  readonly always?: readonly string[];
  /** How several pasted pieces become one: their fields are merged, or the items of this field. Lists are joined without it. */
  readonly merges?: "fields" | { readonly items: string };
}

/** A part that may be absent or failed. */
export function part<T>(schema: Schema<T>): Optional<T | TypeOf<typeof FAILED>> {
  return optional(either(undefined, schema, FAILED)) as Optional<T | TypeOf<typeof FAILED>>;
}

/** An answer of which we only read one field. */
export function answer<const N extends string, T>(
  name: N,
  schema: Schema<T>,
): Schema<{ readonly [K in N]: T }> {
  return open(`The answer, with its \`${name}\`.`, { [name]: schema }) as Schema<{ readonly [K in N]: T }>;
}

/** What the AWS CLI prints. */
export function printedByAws(operation: string, options: (names: EvidenceNames) => Options = () => ({})) {
  return {
    aws: operation,
    source: (names: EvidenceNames): Sentence => [aws(operation, options(names))],
  };
}
