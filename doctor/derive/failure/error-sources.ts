import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";
import type { Confidence } from "../confidence.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";
import { plainText } from "../pasted-text.ts";
import { type FailureCase, preAuthSeverity, type Severity, type Symptom } from "./symptom.ts";
import { symptomInWords } from "./symptom-words.ts";

/** STS's messages for a key that is unknown or deactivated. */
export const UNKNOWN_KEY =
  /InvalidClientTokenId|UnrecognizedClientException|security token included in the request is invalid/;

/** The error of a program that failed. */
export interface ErrorSource {
  readonly by: "plugin" | "call" | "caller-identity";
  readonly text: string;
}

/** A match in a text. */
export interface QuotedMatch {
  /** The line; or the surrounding text, if line breaks were lost. */
  readonly line: string;
  readonly match: RegExpExecArray;
}

/** A match in an error. */
export interface Quote extends QuotedMatch {
  readonly by: ErrorSource["by"];
}

/** A refusal found in an error, and what it means for a finding. */
export interface CredentialError {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly inferred: boolean;
  readonly quote: Quote;
  /** The quotation as a sentence of evidence. */
  readonly said: string;
}

/**
 * The errors of the exec plugin, both in a test run and in the call that failed, and of AWS when asked for the caller's identity.
 * Undefined: nothing was run, asked or pasted.
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

/** The most reliable first; a source that is never read is not recorded as missing. */
function* sourcesOf({ evidence, symptom }: FailureCase): Iterable<ErrorSource> {
  yield { by: "caller-identity", text: failureOf(evidence.callerIdentity) ?? "" };
  const failure = failureOf(evidence.pluginRun);
  const run = failure === undefined ? knownValue(evidence.pluginRun) : undefined;
  yield { by: "plugin", text: failure ?? (run?.exitCode === 0 ? "" : (run?.stderr ?? "")) };
  // Only these can contain a plugin's own error.
  if (symptom === undefined || ["plugin-failed", "aws-refused", "other"].includes(symptom.kind))
    yield { by: "call", text: evidence.question?.stderr ?? "" };
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

/** The errors in which a refusal of credentials would be. */
export interface CredentialErrors {
  /** The refusal that matches, from the first source that has it. */
  match(pattern: RegExp): CredentialError | undefined;
}

/** Undefined if no fault of credentials can be the cause, or nothing was run, asked or pasted. */
export function credentialErrors(facts: CredentialCase): CredentialErrors | undefined {
  const severity = preAuthSeverity(facts);
  if (severity === undefined || !hasSources(facts.evidence)) return undefined;
  return { match: (pattern) => credentialError(facts, severity, pattern) };
}

/**
 * A refusal before the identity is accepted, in the plugin's or AWS's own words. Less than certain if something else in the
 * evidence contradicts it: the plugin works in a test run, the call got a 401 although the plugin fails, or AWS returned an
 * identity although it refused.
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

/** If the plugin failed or AWS denied the call, the reason was in its error; any other failure of the call to AWS proves nothing. */
function noteUnheard(evidence: DoctorEvidence): void {
  const run = knownValue(evidence.pluginRun);
  if (run !== undefined && run.exitCode !== 0) return;
  const failure = failureOf(evidence.callerIdentity);
  const isAnswer = failure !== undefined && symptomInWords(failure).kind === "aws-refused";
  if (!isAnswer) knownValue(evidence.callerIdentity);
}

const PLACES: Readonly<Record<ErrorSource["by"], string>> = {
  plugin: "The credential plugin, run with its own environment, prints",
  call: "The failed call printed",
  "caller-identity": "GetCallerIdentity, called with the plugin's environment, failed",
};

function confidenceIn({ by }: Quote, facts: CredentialCase): Confidence {
  const { evidence, symptom } = facts;
  if (by === "caller-identity") return isPluginsOwn(facts) ? "certain" : "possible";
  if (by === "call" && knownValue(evidence.pluginRun)?.exitCode === 0) return "possible";
  if (by === "plugin" && symptom?.kind === "unauthorized") return "likely";
  // A failed call to AWS is consistent with the refusal.
  const hasIdentity =
    failureOf(evidence.callerIdentity) === undefined && knownValue(evidence.callerIdentity) !== undefined;
  return hasIdentity ? "likely" : "certain";
}

/**
 * Whether AWS was asked with the plugin's own credentials: with its token, or by the credential chain of AWS's tools and ours. If
 * an unknown plugin did not return a token, its credentials are not known.
 */
function isPluginsOwn({ evidence, exec }: CredentialCase): boolean {
  return exec?.tool !== "other" || knownValue(evidence.pluginRun)?.credential?.hasToken === true;
}

/** The longest quotation, in characters. */
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

/** The error of the call; undefined if it worked, or no error was pasted. */
export function saidByCall({ question }: DoctorEvidence): string | undefined {
  const words = question?.stderr?.trim() ?? "";
  return question?.exitCode === 0 || words === "" ? undefined : words;
}

/**
 * Finds a pattern in a text: in the last line that matches, since clients print the plainest message last; otherwise in the whole
 * text, where it may be wrapped, framed or escaped.
 */
export function matchInError(text: string | undefined, pattern: RegExp): QuotedMatch | undefined {
  if (text === undefined) return undefined;
  const line = text.split("\n").findLast((candidate) => pattern.test(candidate));
  const match = line === undefined ? null : pattern.exec(line);
  if (line !== undefined && match !== null) return { line: line.trim(), match };
  return quoteOf([{ by: "call", text }], pattern);
}

/** A policy that makes an Allow in the caller's own policies ineffective. */
export interface DenyingPolicy {
  /** `service control policy`, `permissions boundary`, … */
  readonly kind: string;
  /**
   * True: it denies the action. False: it does not allow the action, which it must do in addition to the caller's own policies.
   */
  readonly isExplicit: boolean;
}

/** Source: IAM user guide, "Troubleshoot access denied error messages". */
const EXPLICIT = /with an explicit deny in (?:an? )?([\w-]+(?: [\w-]+){0,5}? policy|permissions boundary)/;

/**
 * Policies that must allow an action in addition to the caller's own. Source: IAM user guide, "Troubleshoot access denied error
 * messages".
 */
const IMPLICIT =
  /because no ((?:service control|resource control|session|VPC endpoint) policy|permissions boundary) allows/;

/** Finds the policy in AWS's denial; undefined if an Allow can help. */
export function denyingPolicy(denial: string): DenyingPolicy | undefined {
  const [explicit, implicit] = [EXPLICIT.exec(denial)?.[1], IMPLICIT.exec(denial)?.[1]];
  if (explicit !== undefined) return { kind: explicit, isExplicit: true };
  return implicit === undefined ? undefined : { kind: implicit, isExplicit: false };
}

/** `: a service control policy denies it`, to append to what is denied; empty if no such policy is known. */
export function describeDenyingPolicy(policy: DenyingPolicy | undefined): string {
  if (policy === undefined) return "";
  const { kind, isExplicit } = policy;
  return isExplicit ? `: ${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind} denies it` : `: no ${kind} allows it`;
}
