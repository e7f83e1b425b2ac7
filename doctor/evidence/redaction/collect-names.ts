import { loginTokenFile, ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { type DoctorEvidence, knownValue } from "../evidence.ts";
import { collectHosts } from "./collect-hosts.ts";
import type { NameKind, Pseudonymizer } from "./name-book.ts";

/** Patterns for names in any text; the first group is the name. */
const FOUND: readonly (readonly [NameKind, RegExp])[] = [
  ["account", /(?<![\w.])(\d{12})(?![\w.])/g],
  ["account", /:(\d{12}):/g],
  ["principal", /\b((?:AROA|AIDA|AKIA|ASIA|AGPA|ANPA|AIPA)[A-Z0-9]{12,})\b/g],
  ["endpoint", /\b([0-9A-F]{32})\b/gi],
  // AWS's caches use hashes of names as file names.
  ["label", /\b(?:sso|login|cli)[\\/]cache[\\/]([0-9a-f]{40}|[0-9a-f]{64})\b/gi],
  ["cluster", /:cluster\/([\w-]+)/g],
  ["cluster", /--cluster-(?:name|id)(?:=|["']?[\s,]+(?:-\s+)?["']?)([A-Za-z0-9][\w-]*)/g],
  [
    "cluster",
    /\b(?:update-kubeconfig|describe-cluster|update-cluster-config)\b[^\n]{0,300}?--name[= ]+([A-Za-z0-9][\w-]*)/g,
  ],
  ["cluster", /No cluster found for name: ([\w-]+)/g],
  ["cluster", /\beksctl\b[^\n]{0,300}?--cluster[= ]+([A-Za-z0-9][\w-]*)/g],
  ["cluster", /:access-entry\/([\w-]+)\//g],
  ["role", /--role-name[= ]+["']?([\w+=,.@-]+)/g],
  ["person", /--user-name[= ]+["']?([\w+=,.@-]+)/g],
  ["person", /(?:\/home\/|\/Users\/|\\Users\\)([A-Za-z0-9][\w.-]*)/g],
];

const ADDRESS = /(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const PRINCIPAL_ARN =
  /:(role|user|assumed-role|group|instance-profile|federated-user|saml-provider)\/([\w+=,.@/-]+)/g;
/** `…:access-entry/CLUSTER/role/ACCOUNT/NAME/ID` */
const ENTRY_ARN = /:access-entry\/[\w-]{1,100}\/(role|user)\/\d{12}\/([\w+=,.@/-]+)\/[\w-]+/g;
const PERMISSION_SET = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** Adds every name to the book that a text shows by its form. */
export function collectNames(text: string, book: Pseudonymizer): void {
  // `git@github.com` is not a user's address.
  for (const [address] of text.matchAll(ADDRESS)) if (!address.startsWith("git@")) book.addAddress(address);
  for (const [kind, pattern] of FOUND) {
    for (const [, name] of text.matchAll(pattern)) if (name !== undefined) book.add(kind, name);
  }
  for (const [, type, path = ""] of text.matchAll(PRINCIPAL_ARN)) collectPrincipal(type ?? "", path, book);
  for (const [, type, path = ""] of text.matchAll(ENTRY_ARN)) collectPrincipal(type ?? "", path, book);
  collectHosts(text, book);
}

/** The parts of what follows `role/`: paths, the name, and for a session its name. */
function collectPrincipal(type: string, path: string, book: Pseudonymizer): void {
  const parts = path.replace(/(?<![.,])[.,]+$/, "").split("/");
  if (parts.includes("aws-service-role")) return;
  for (const [index, part] of parts.entries()) {
    if (part.includes("@") || part.includes("sso.amazonaws.com")) continue;
    const isPerson = type === "user" || type === "federated-user" || (type === "assumed-role" && index > 0);
    book.add(isPerson ? "person" : "role", PERMISSION_SET.exec(part)?.[1] ?? part);
  }
}

/**
 * Settings whose values determine the name of a file in AWS's cache folders. Source: doctor/AWS-CREDENTIALS.md, "Cache files".
 */
const NAMING = /^\s*(?:sso_start_url|sso_session|login_session)\s*[=:]/i;

/**
 * Adds the names of cache files to the book, which are hashes of names and could be used to verify a guessed name. Each is
 * replaced by the hash of the placeholder for the name, so that it is still the file that the copy needs. Call this once all
 * names are in the book.
 */
export function collectCacheFiles(evidence: DoctorEvidence, book: Pseudonymizer): void {
  for (const value of valuesIn(evidence))
    for (const fileOf of [ssoTokenFile, loginTokenFile])
      book.addAs(stemOf(fileOf(value)), stemOf(fileOf(book.replaced(value))));
}

function valuesIn({ awsConfig, awsCredentials, sourceFiles }: DoctorEvidence): Set<string> {
  const lines = [awsConfig, awsCredentials].flatMap((part) => knownValue(part)?.text.split("\n") ?? []);
  const settings = lines
    .filter((line) => NAMING.test(line))
    .map((line) => line.slice(line.search(/[=:]/) + 1).trim());
  return new Set([...settings, ...(knownValue(sourceFiles) ?? []).flatMap(({ startUrl }) => startUrl ?? [])]);
}

function stemOf(file: string): string {
  return file.replace(/\.json$/, "");
}
