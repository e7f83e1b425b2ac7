import { type DoctorEvidence, failureOf, knownValue, type PluginRun } from "../../evidence/evidence.ts";
import type { Confidence } from "../confidence.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";
import { plainText } from "../pasted-text.ts";
import { preAuthSeverity, type Severity } from "./pre-auth-severity.ts";
import type { FailureCase, Symptom } from "./symptom.ts";
import { symptomInWords } from "./symptom-words.ts";

/** STS's words for a key that it does not know, or that was switched off. */
export const UNKNOWN_KEY =
  /InvalidClientTokenId|UnrecognizedClientException|security token included in the request is invalid/;

/** What a program said when it failed. */
export interface ErrorSource {
  readonly by: "plugin" | "call" | "caller-identity";
  readonly text: string;
}

/** A place where words say something. */
export interface Quote {
  readonly by: ErrorSource["by"];
  /** The line, or the words around when lines are lost. */
  readonly line: string;
  readonly match: RegExpExecArray;
}

/** A refusal that words name, with what follows from that for a finding. */
export interface CredentialError {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly inferred: boolean;
  readonly quote: Quote;
  /** The quotation as a sentence of evidence. */
  readonly said: string;
}

/**
 * What the exec plugin said, when it was run for this and in the call that failed, and what AWS answered when it was
 * asked for the caller's identity. Undefined: nobody ran, asked or pasted anything.
 */
export function errorSources(
  evidence: DoctorEvidence,
  symptom: Symptom | undefined,
): readonly ErrorSource[] | undefined {
  if (!hasSources(evidence)) return undefined;
  return [...sourcesOf({ evidence, symptom })].filter(({ text }) => text.trim() !== "");
}

function hasSources(evidence: DoctorEvidence): boolean {
  const answer = evidence.callerIdentity ?? evidence.pluginRun;
  return answer !== undefined || (evidence.question?.stderr ?? "") !== "";
}

/** The surest first; one that is not looked at is not missed. */
function* sourcesOf({ evidence, symptom }: FailureCase): Iterable<ErrorSource> {
  yield { by: "caller-identity", text: failureOf(evidence.callerIdentity) ?? "" };
  yield { by: "plugin", text: failureOf(evidence.pluginRun) ?? pluginError(knownValue(evidence.pluginRun)) };
  if (saysWhy(symptom)) yield { by: "call", text: evidence.question?.stderr ?? "" };
}

function pluginError(run: PluginRun | undefined): string {
  return run === undefined || run.exitCode === 0 ? "" : (run.stderr ?? "");
}

/** Whether the error of the call can hold a plugin's own words. */
function saysWhy(symptom: Symptom | undefined): boolean {
  return symptom === undefined || ["plugin-failed", "aws-refused", "other"].includes(symptom.kind);
}

/** The first place that matches. */
export function quoteOf(sources: Iterable<ErrorSource>, pattern: RegExp): Quote | undefined {
  for (const { by, text } of sources) {
    const match = pattern.exec(text);
    if (match !== null) return { by, line: lineAt(text, match.index), match };
    const plain = plainText(text);
    const inPlain = pattern.exec(plain);
    if (inPlain !== null) return { by, line: around(plain, inPlain), match: inPlain };
  }
  return undefined;
}

interface CredentialCase extends FailureCase {
  readonly exec: Pick<ExecBlock, "tool"> | undefined;
}

/** Where a refusal of credentials would be said. */
export interface CredentialErrors {
  /** The refusal that matches, from the first source that has it. */
  match(pattern: RegExp): CredentialError | undefined;
}

/** Undefined where no fault of credentials can be the cause, or nobody ran, asked or pasted anything. */
export function credentialErrors(facts: CredentialCase): CredentialErrors | undefined {
  const severity = preAuthSeverity(facts);
  if (severity === undefined || !hasSources(facts.evidence)) return undefined;
  return { match: (pattern) => credentialError(facts, severity, pattern) };
}

/**
 * A refusal before the identity is accepted, named by the plugin's or AWS's own words. Less than certain when something
 * else in the evidence does not fit: a plugin that works when it is run, a 401 although it fails, an identity although it
 * was refused.
 */
function credentialError(
  facts: CredentialCase,
  severity: Severity,
  pattern: RegExp,
): CredentialError | undefined {
  const quote = quoteOf(sourcesOf(facts), pattern);
  if (quote === undefined) {
    noteUnheard(facts.evidence);
    return undefined;
  }
  const confidence = confidenceIn(quote, facts);
  const said = `${PLACES[quote.by]}: “${quote.line}”`;
  return { severity, confidence, inferred: confidence === "possible", quote, said };
}

/** A plugin that failed, and AWS where it refused, said why; another failure of the call to AWS tells nothing. */
function noteUnheard(evidence: DoctorEvidence): void {
  const run = knownValue(evidence.pluginRun);
  if (run !== undefined && run.exitCode !== 0) return;
  const failure = failureOf(evidence.callerIdentity);
  const isAnswer = failure !== undefined && symptomInWords(failure).kind === "aws-refused";
  if (!isAnswer) knownValue(evidence.callerIdentity);
}

const PLACES: Readonly<Record<ErrorSource["by"], string>> = {
  plugin: "The plugin, run under its own environment, says",
  call: "The error of the call says",
  "caller-identity": "GetCallerIdentity, with the plugin's own environment, failed",
};

function confidenceIn({ by }: Quote, facts: CredentialCase): Confidence {
  const { evidence, symptom } = facts;
  if (by === "caller-identity") return isPluginsOwn(facts) ? "certain" : "possible";
  if (by === "call" && knownValue(evidence.pluginRun)?.exitCode === 0) return "possible";
  if (by === "plugin" && symptom?.kind === "unauthorized") return "likely";
  // A call of AWS that failed agrees with the refusal.
  const hasIdentity =
    failureOf(evidence.callerIdentity) === undefined && knownValue(evidence.callerIdentity) !== undefined;
  return hasIdentity ? "likely" : "certain";
}

/**
 * Whether AWS was asked with what the plugin itself uses: its token, or the chain of AWS's tools and ours. Where an unknown
 * plugin gave no token, nobody knows what credentials it looks for.
 */
function isPluginsOwn({ evidence, exec }: CredentialCase): boolean {
  return exec?.tool !== "other" || knownValue(evidence.pluginRun)?.credential?.hasToken === true;
}

/** Longest quotation, in characters. */
const LINE_LIMIT = 300;

function lineAt(text: string, index: number): string {
  const start = text.lastIndexOf("\n", index) + 1;
  const end = text.indexOf("\n", index);
  return shortened(text.slice(start, end < 0 ? undefined : end).trim());
}

function around(text: string, { index, 0: matched }: RegExpExecArray): string {
  const before = 40;
  return shortened(text.slice(Math.max(0, index - before), index + matched.length + before).trim());
}

function shortened(line: string): string {
  return line.length > LINE_LIMIT ? `${line.slice(0, LINE_LIMIT)}…` : line;
}
