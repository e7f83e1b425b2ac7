import { isRecord } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";
import { parseYaml, YamlRefused } from "../../../token/text/yaml.ts";
import { commandWords, flagValue } from "../../derive/kubeconfig/command-words.ts";
import { type EvidencePart, isListOfAnswers, PART_NAMES, partEntry } from "../../evidence/parts.ts";
import { checkedPart } from "../../evidence/read-evidence.ts";
import type { Recognition } from "../found.ts";
import { partOfCommand } from "../words.ts";
import {
  answerBefore,
  formOf,
  merged,
  type ReadQuery,
  readQuery,
  schemaAfter,
  typed,
  withLists,
} from "./query.ts";
import { operationBelow, tableValue } from "./table.ts";
import { partOfLine, textAnswer } from "./text.ts";

/** An output of the AWS CLI, and the command, where it is known. */
interface Output {
  readonly text: string;
  /** The parsed JSON or YAML. */
  readonly value?: unknown;
  readonly command: string | undefined;
}

/** What a command shows of an answer of AWS. */
interface Shown extends ReadQuery {
  readonly part: EvidencePart;
  /** The words of the command itself. */
  readonly words: readonly string[];
}

/**
 * An answer of AWS as a table, as text, or cut down by `--query` or jq, as `--output json` prints it whole. Undefined for what is
 * none, and for JSON and YAML that are whole.
 */
export function recognizeAws(output: Output): Recognition | undefined {
  const { text, value, command } = output;
  const shown = command === undefined ? shownWithout(text) : shownBy(command);
  if (shown === undefined || (shown !== "unread" && value !== undefined && shown.steps.length === 0))
    return undefined;
  if (shown === "unread") return value === undefined ? undefined : UNREAD_QUERY;
  const { part, steps } = shown;
  const schema = schemaOf(part);
  const whole = wholeAnswer(output, shown, schema);
  if (whole === undefined) return undefined;
  const answer = withAccount(part, merged(namedBy(shown), whole));
  const found = isListOfAnswers(part) ? [answer] : answer;
  if ("problems" in checkedPart(part, found) || lacksNamespaces(answer))
    return steps.length === 0 ? undefined : UNREAD_QUERY;
  return [{ part, value: found, isExcerpt: !isWhole(shown) }];
}

const UNREAD_QUERY: Recognition = {
  ignored: "--query or a filter removes required fields; run the command again without it",
};

/** What is shown by a command; `unread`: a part of an answer that no one can tell which. */
function shownBy(command: string): Shown | "unread" | undefined {
  const part = partOfCommand(command);
  if (part === undefined || partEntry(part).aws === undefined) return undefined;
  const all = commandWords(command);
  const pipe = all.findIndex((word) => word.startsWith("|"));
  const words = pipe < 0 ? all : all.slice(0, pipe);
  const filter = pipe < 0 ? [] : all.slice(pipe).filter((word) => word !== "|" && !word.startsWith("-"));
  if (filter.length > 0 && (filter.length !== 2 || !/^\|?jq$/.test(filter[0] ?? ""))) return undefined;
  const path = flagValue(words, "--query");
  const queries = [path, filter[1]].flatMap((query) => (query === undefined || query === "." ? [] : [query]));
  const read = queries.map((query) => readQuery(query));
  if (read.includes(undefined)) return "unread";
  const known = read.flatMap((query) => query ?? []);
  return {
    part,
    words,
    steps: known.flatMap(({ steps }) => steps),
    isSelection: known.some(({ isSelection }) => isSelection),
  };
}

/** What is shown without its command: a table says its operation, and lines the name of the object that they are of. */
function shownWithout(text: string): Shown | undefined {
  const [first = "", second = ""] = text.trimStart().split("\n", 2);
  const operation = operationBelow(first, second)
    ?.replaceAll(/(?!^)[A-Z]/g, "-$&")
    .toLowerCase();
  const part =
    operation === undefined
      ? partOfLine(first)
      : PART_NAMES.find((name) => partEntry(name).aws?.split(" ")[1] === operation);
  return part && { part, words: [], steps: [], isSelection: false };
}

function schemaOf(part: EvidencePart): Schema | undefined {
  const { optional } = partEntry(part).schema;
  return isListOfAnswers(part) ? formOf(optional, "array")?.items : formOf(optional, "object");
}

function wholeAnswer({ text, value }: Output, { steps }: Shown, schema: Schema | undefined): unknown {
  if (value !== undefined) return answerBefore(steps, value);
  const yaml = steps.length === 0 ? undefined : yamlIn(text);
  if (yaml !== undefined) return answerBefore(steps, yaml);
  const [first = "", second = ""] = text.trimStart().split("\n", 2);
  const words =
    operationBelow(first, second) === undefined
      ? textAnswer(text, steps, schema)
      : answerBefore(steps, tableValue(text, schemaAfter(steps, schema)));
  return withLists(steps, typed(words, schema), schema);
}

/** YAML of what a query picks: fields, or a list. */
function yamlIn(text: string): unknown {
  if (!text.split("\n").every((line) => /^(?:[\w-]{1,128}:(?: |$)|- | |$)/.test(line))) return undefined;
  try {
    const value: unknown = parseYaml(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof YamlRefused || error instanceof Error) return undefined;
    throw error;
  }
}

/** Whether a query shows all of an answer. */
function isWhole({ part, steps, isSelection }: Shown): boolean {
  const [field, ...each] = steps;
  const keys = (partEntry(part).fields ?? []).flat();
  if (isSelection || field === undefined) return !isSelection;
  return "field" in field && keys.includes(field.field) && each.every((step) => "each" in step);
}

/** What the command says itself of its answer: the cluster, the principal. */
function namedBy({ part, words, steps }: Shown): unknown {
  if (steps.length === 0) return {};
  const of = (...flags: string[]) => {
    const value = flagValue(words, ...flags);
    return value !== undefined && /^[\w:/+=,.@-]{1,2048}$/.test(value) ? value : undefined;
  };
  const named = (fields: Readonly<Record<string, string | undefined>>) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const ofPrincipal = named({ clusterName: of("--cluster-name"), principalArn: of("--principal-arn") });
  switch (part) {
    case "cluster":
      return { cluster: named({ name: of("--name") }) };
    case "accessEntryDetails":
      return { accessEntry: ofPrincipal };
    case "associatedPolicies":
      return ofPrincipal;
    default:
      return {};
  }
}

/** Whether a policy holds in namespaces that are not shown. */
function lacksNamespaces(answer: unknown): boolean {
  const policies = isRecord(answer) ? answer["associatedAccessPolicies"] : undefined;
  const isOpen = (scope: unknown) =>
    isRecord(scope) && scope["type"] === "namespace" && scope["namespaces"] === undefined;
  return (
    Array.isArray(policies) && policies.some((policy) => isRecord(policy) && isOpen(policy["accessScope"]))
  );
}

/** The ARN of a caller says the account, too. */
function withAccount(part: EvidencePart, answer: unknown): unknown {
  if (part !== "callerIdentity" || !isRecord(answer) || answer["Account"] !== undefined) return answer;
  const [, Account] = /^arn:[\w-]{2,20}:(?:sts|iam)::(\d{12}):/.exec(String(answer["Arn"])) ?? [];
  return { ...answer, Account };
}
