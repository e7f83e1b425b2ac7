import { defined } from "../../token/record.ts";
import { parseAttempt, positional } from "../derive/authorization/access-request.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";
import { commandWords } from "../derive/kubeconfig/command-words.ts";
import { abridged } from "../derive/pasted-text.ts";
import { type EvidencePart, PART_NAMES, partEntry } from "../evidence/parts.ts";
import { complaintIn, saysWhyNot } from "./complaint.ts";
import type { Found, Recognition } from "./found.ts";
import { recognizeTable } from "./kubectl-tables.ts";

/** Whether a command line runs kubectl with one of these verbs. */
export function isKubectl(command: string, verbs: readonly string[]): boolean {
  const words = commandWords(command);
  const start = words.findIndex((word) => /(?:^|[\\/])kubectl(?:\.exe)?$/.test(word));
  return start >= 0 && words.slice(start).some((word) => verbs.includes(word));
}

/** The part that a command gives: where it fails, its error is why that part is missing. */
export function partOfCommand(command: string): EvidencePart | undefined {
  const [program = "", ...words] = commandWords(command);
  const [, name] = /(?:^|[\\/])(kubectl|aws)(?:\.exe)?$/.exec(program) ?? [];
  if (name === undefined) return undefined;
  const operation = /\b(?:sts|eks|iam|ec2|cloudtrail) [a-z-]+/.exec(words.join(" "))?.[0];
  const own = positional(words.map((word) => (word === "--raw" ? "raw" : word))).join(" ");
  return PART_NAMES.find((part) => {
    const { aws, kubectl } = partEntry(part);
    return name === "aws" ? aws !== undefined && aws === operation : kubectl?.test(own);
  });
}

/** Whether a command calls AWS for a part of the evidence. */
export function isOfAws(command: string | undefined): boolean {
  const part = command === undefined ? undefined : partOfCommand(command);
  return part !== undefined && partEntry(part).aws !== undefined;
}

/** The field of an answer in JSON that has all that the command asks for. */
export function mainField(command: string): string | undefined {
  const part = partOfCommand(command);
  if (part === undefined || / --query\b| \| /.test(command)) return undefined;
  const { aws, fields = [], merges } = partEntry(part);
  if (aws !== undefined) return fields.length === 1 ? fields[0]?.[0] : undefined;
  return typeof merges === "object" ? merges.items : undefined;
}

/** Whether a command is a credential plugin's, as in the exec block of a kubeconfig. */
export function isCredentialCommand(command: string): boolean {
  return (
    /\beks\s+get-token\b/.test(command) ||
    /\baws-iam-authenticator\s+token\b/.test(command) ||
    /\bkubectl-vouch\s+credential\b/.test(command)
  );
}

/** What the words are that a command printed; undefined for those that are no evidence. */
export function recognizeWords(text: string, command: string | undefined): Recognition | undefined {
  return (
    whoami(text) ??
    recognizeTable(text, command ?? "") ??
    shellVariables(text) ??
    (command === undefined ? undefined : answerTo(text, command))
  );
}

function answerTo(text: string, command: string): Recognition | undefined {
  const [before, asked] = command.split(" auth can-i ", 2);
  if (before !== undefined && asked !== undefined && /^(?:yes|no)\b/m.test(text)) return canI(text, asked);
  const [, program] = /^(?:which|where(?:\.exe)?|command -v|type -p)\s+(\S+)/.exec(command) ?? [];
  if (program !== undefined) return CLIENTS.test(program) ? clientPlace(text, program) : place(text, program);
  const [, versioned] = /^(\S+) --version$/.exec(command) ?? [];
  if (versioned !== undefined)
    return [
      { part: "execCommand", value: { command: versioned, version: text.trimEnd().split("\n").at(-1) } },
    ];
  if (isCredentialCommand(command)) return pluginFailure(text);
  if (/^kubectl config current-context$/.test(command) && /^\S+$/.test(text)) return { context: text };
  const part = partOfCommand(command);
  if (part === undefined) return undefined;
  if (/^No resources found\b/.test(text)) return { ignored: "no resources were found" };
  if (saysWhyNot(text)) return failure(part, text);
  return commandWords(command).some((word) => /^\|(?!\|)/.test(word)) ? FILTERED : UNREAD;
}

/** What the plugin prints next to an ExecCredential, or in its place; one that cannot be parsed is no failure. */
function pluginFailure(text: string): Recognition {
  if (/k8s-aws-v1|"(?:token|kind)"/.test(text)) return UNREAD;
  return [{ part: "pluginRun", value: { exitCode: 1, stderr: abridged(text) } }];
}

/** Output that is made for users only. */
const UNREAD: Recognition = {
  ignored: "a table or other text; run the command again with -o json (aws: --output json)",
};

const FILTERED: Recognition = {
  ignored: "a filter removed part of the output; run the command again without the pipe",
};

/** Why a part is missing; some errors say that there is none, or what the API server answered. */
function failure(part: EvidencePart, text: string): readonly Found[] {
  const failed = complaintIn(text);
  if (part === "awsAuth" && /\(NotFound\)/.test(failed)) return [{ part, value: null }];
  if (part !== "apiServer") return [{ part, value: { failed } }];
  const { kind } = symptomInWords(text);
  const status = kind === "unauthorized" ? 401 : kind === "forbidden" ? 403 : undefined;
  const value = status === undefined ? { failed } : { status, message: failed, isKubernetes: true };
  return [{ part, value }];
}

/** `yes`, `no`, and why not. Source: kubernetes/kubectl, pkg/cmd/auth/cani.go. */
function canI(text: string, asked: string): Recognition | undefined {
  const [, answer, reason] = /^(yes|no)(?: - (.*))?$/m.exec(text) ?? [];
  const attempt = parseAttempt(asked);
  if (answer === undefined || attempt === undefined) return undefined;
  const { path, ...resourceAttributes } = attempt;
  const spec =
    path === undefined ? { resourceAttributes } : { nonResourceAttributes: { path, verb: attempt.verb } };
  const status = defined({ allowed: answer === "yes", reason });
  return [{ part: "accessReviews", value: [{ spec, status }] }];
}

/** Programs that read a kubeconfig; others that someone looks for are plugins. */
const CLIENTS = /^(?:kubectl|helm|k9s|eksctl|fluxctl|flux)$/;

function clientPlace(text: string, name: string): Recognition | undefined {
  const path = text
    .split("\n")
    .find((one) => /^(?:\/|[A-Za-z]:\\)\S/.test(one))
    ?.trim();
  return path === undefined ? undefined : [{ part: "client", value: { name, path } }];
}

function place(text: string, command: string): Recognition {
  const line = text.split("\n").find((one) => /^(?:\/|[A-Za-z]:\\)\S/.test(one));
  if (line === undefined && !/not found|\bno \S+ in\b|Could not find/i.test(text))
    return { ignored: "a shell alias or function, which kubectl cannot run" };
  return [{ part: "execCommand", value: { command, resolved: line?.trim() ?? null } }];
}

/** The table of `kubectl auth whoami`. Source: kubernetes/kubectl, pkg/cmd/auth/whoami.go. */
function whoami(text: string): readonly Found[] | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^ATTRIBUTE +VALUE *$/.test(line));
  if (start < 0) return undefined;
  const rows = lines.slice(start + 1).map(namedRow);
  const cell = (name: string) => rows.find((row) => row.name === name)?.value;
  const groups = /^\[(.*)\]$/.exec(cell("Groups") ?? "")?.[1];
  const extra = rows.flatMap((row) => {
    const [, name] = /^Extra: (.+)$/.exec(row.name) ?? [];
    const list = /^\[(.*)\]$/.exec(row.value)?.[1];
    return name === undefined || list === undefined ? [] : [[name, list.split(" ")] as const];
  });
  const userInfo = defined({
    username: cell("Username"),
    uid: cell("UID"),
    groups: groups?.split(" ").filter((group) => group !== ""),
    extra: extra.length === 0 ? undefined : Object.fromEntries(extra),
  });
  return [{ part: "selfSubjectReview", value: { status: { userInfo } } }];
}

/** A row of a table whose two columns are separated by two blanks or more. */
function namedRow(line: string): { readonly name: string; readonly value: string } {
  const end = line.indexOf("  ");
  return end < 0 ? { name: line, value: "" } : { name: line.slice(0, end), value: line.slice(end).trim() };
}

/** The table of `Get-ChildItem Env:`. */
function shellVariables(text: string): readonly Found[] | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^Name +Value *$/.test(line));
  if (start < 0 || !/^-+ +-+ *$/.test(lines[start + 1] ?? "")) return undefined;
  const entries = lines.slice(start + 2).flatMap((line) => {
    const [, name, value = ""] = /^([A-Za-z_]\w{0,127}) {1,200}(\S.*)?$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value.trim()] as const];
  });
  return [{ part: "environment", value: Object.fromEntries(entries) }];
}
