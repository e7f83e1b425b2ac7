import { isRecord } from "../../token/record.ts";
import { commandWords } from "../derive/kubeconfig/command-words.ts";
import type { EvidencePart } from "../evidence/parts.ts";
import type { Found } from "./found.ts";
import { type Piece, VARIABLE } from "./pieces.ts";

/** Where a text comes from. */
export interface Origin {
  /** What printed it. */
  readonly command: string | undefined;
  /** Name of the file that was dropped. */
  readonly name: string | undefined;
}

/** Programs that show a file. */
const SHOW = /^(?:sudo )?(?:cat|type|less|more|head|tail|bat|Get-Content|gc)\s/;

/** Recognizes a file by its form: a kubeconfig, a file of AWS's, variables. */
export function recognizeFile(piece: Piece, origin: Origin): readonly Found[] | undefined {
  switch (piece.form) {
    case "json":
    case "yaml":
      return kubeconfig(piece, origin) ?? awsAuthText(piece);
    case "ini":
      return awsFile(piece.text, origin);
    case "variables":
      return [{ part: "environment", value: variables(piece.text) }];
    case "text":
      return noSuchFile(piece.text, origin);
  }
}

function kubeconfig({ text, value }: Piece, origin: Origin): readonly Found[] | undefined {
  if (
    value === undefined
      ? !/^(?:kind: Config|clusters:|current-context:)\s*/m.test(text)
      : !isKubeconfig(value)
  )
    return undefined;
  return [{ part: "kubeconfig", value: { files: [{ path: pathOf(origin) ?? "~/.kube/config", text }] } }];
}

/** By its kind, which kubectl does not demand, or by one of its lists. */
function isKubeconfig(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, clusters, contexts, users } = value;
  const isNamed = (item: unknown) => isRecord(item) && typeof item["name"] === "string";
  const lists = [clusters, contexts, users];
  return (
    kind === "Config" ||
    (kind === undefined && lists.some((list) => Array.isArray(list) && list.some(isNamed)))
  );
}

/** An aws-auth that cannot be parsed: its text shows why. */
function awsAuthText({ text, value }: Piece): readonly Found[] | undefined {
  return value === undefined && /^(?:kind: ConfigMap|mapRoles:|mapUsers:)/m.test(text)
    ? [{ part: "awsAuth", value: text }]
    : undefined;
}

/** In `config` a section is called `profile NAME`, in `credentials` just `NAME`. */
function awsFile(text: string, origin: Origin): readonly Found[] {
  const path = pathOf(origin);
  const isCredentials = path === undefined ? hasBareProfiles(text) : /credentials$/.test(path);
  const part: EvidencePart = isCredentials ? "awsCredentials" : "awsConfig";
  const usual = isCredentials ? "~/.aws/credentials" : "~/.aws/config";
  return [{ part, value: { path: path ?? usual, text: `${text}\n` } }];
}

/** Whether a section is called just `NAME`, or there are keys in `[default]` alone, which both files may have. */
function hasBareProfiles(text: string): boolean {
  const lines = text.split("\n").map((line) => line.trim());
  const headers = lines.filter((line) => line.startsWith("[")).map((line) => line.slice(1).trimStart());
  const isBare = (name: string) => !/^(?:profile|sso-session|services)\s|^default\s*\]/.test(name);
  const isOfConfig = (name: string) => /^(?:profile|sso-session|services)\s/.test(name);
  const hasKeys = lines.some((line) => /^aws_access_key_id\s*=/.test(line));
  return headers.some(isBare) || (hasKeys && !headers.some(isOfConfig));
}

function variables(text: string): Readonly<Record<string, string>> {
  const entries = text.split("\n").flatMap((line) => {
    const [, name, value = ""] = VARIABLE.exec(line) ?? [];
    return name === undefined ? [] : [[name, withoutQuotes(value)] as const];
  });
  return Object.fromEntries(entries);
}

/** A value without the quotes that the shell put around it. */
function withoutQuotes(value: string): string {
  const [, quoted] = /^(?:"(.*)"|'(.*)')$/.exec(value)?.filter((group) => group !== undefined) ?? [];
  return quoted ?? value;
}

/** Recognizes a file that is empty or missing by its usual path. */
function recognizeShown(
  path: string,
  text: { readonly text: string } | { readonly failed: string },
): readonly Found[] | undefined {
  if (/\.aws[\\/]config$/.test(path)) return [{ part: "awsConfig", value: aboutFile(path, text) }];
  if (/\.aws[\\/]credentials$/.test(path)) return [{ part: "awsCredentials", value: aboutFile(path, text) }];
  return /kube/.test(path) ? [{ part: "kubeconfig", value: { files: [{ path, ...text }] } }] : undefined;
}

function aboutFile(path: string, text: { readonly text: string } | { readonly failed: string }) {
  return "failed" in text ? text : { path, ...text };
}

/** What a program prints that was to show a missing file. */
function noSuchFile(text: string, { command, name }: Origin): readonly Found[] | undefined {
  if (!/No such file or directory|cannot find the (?:file|path)|Cannot find path/i.test(text))
    return undefined;
  const path = pathOf({ command, name });
  if (path === undefined) return undefined;
  return recognizeShown(path, { failed: "ENOENT: no such file" });
}

/** What a command shows that printed nothing: if it was to show a file, that is empty. */
export function recognizeNothing(command: string | undefined): readonly Found[] {
  const path = pathOf({ command, name: undefined });
  return path === undefined ? [] : (recognizeShown(path, { text: "" }) ?? []);
}

/** The path of the file that a command shows, or the name of a dropped one. */
function pathOf({ command, name }: Origin): string | undefined {
  if (command === undefined || !SHOW.test(command)) return name;
  const [shown = ""] = command.split(/ [|>]/, 1);
  return commandWords(shown)
    .filter((word) => !word.startsWith("-"))
    .at(-1);
}
