import { isReference } from "../../../token/masking/value-span.ts";
import { endsAsHost } from "./host-labels.ts";
import type { Pseudonymizer } from "./name-book.ts";

/** A word that may be a host. */
const WORD = /[A-Za-z0-9_][\w.-]*/g;

/** How much of a text before and after a word is examined, in characters. */
const LOOK = 200;

/** Words of resolvers, of TLS and of network tools after which a word with the ending of a host is a host. */
const BEFORE =
  /(?:\b(?:resolve|host|hostname|server|tcp|to|for|reach|at|via|match|proxy|peer|not)[:"']{0,3}\s{1,9}["']?(?:\*\.)?|:oidc-provider\/|\b(?:server|host|hostname|endpoint|issuer|domain)\b["']?\s{0,9}[=:]\s{0,9}["']?)$/i;

/** Words after which a word with a dot is a host, whatever its ending. */
const CLEARLY_BEFORE =
  /(?:\b(?:resolve (?:host|hostname|proxy)|connect(?:ing)? (?:to|via)(?: host)?|dial(?:ing)?(?: tcp[46]?)?|wanted to match|altnames: Host|CONNECT|ECONNREFUSED|ssh|nslookup|dig|ping|nc|curl)[:"']{0,3}\s{1,9}["']?|\b(?:host|hostname|host name|peer)\s{1,9}["']?|\bhost=["']|\b(?:refused|rejected|reset|closed|blocked|answered) by\s{1,9}["']?|\s-(?:J|connect)\s{1,9}|\bDNS:)(?:\*\.)?$/i;

/** An option before a host. Its value may also refer to a host's settings. */
const OPTION_BEFORE = /--(?:server|proxy|tls-server-name)["']?(?:=|,?\s{1,99}(?:-\s{1,9})?)["']?$/i;

/**
 * What stands before a host that may have no dot: in a URL, in a resolver's own messages, and in Go's for a certificate without
 * names.
 */
const SURELY_BEFORE =
  /(?:\w:\/\/(?:[^/@\s"']{0,150}@)?|\b(?:lookup|ENOTFOUND|EAI_AGAIN|names, but wanted to match)\s{1,9})$/;

/** A port, or a claim of a web token, after a host. */
const BEHIND = /^(?::\d{2,5}(?![\d.])|(?:\/[\w./-]{0,150})?:(?:sub|aud)\b)/;
const CLEARLY_BEHIND =
  /^["']?:? (?:refused (?:the connection|to connect)|(?:did|does) not answer|is (?:unreachable|not reachable)|port \d|E(?:CONN|TIMED|HOST|NET))/;
const BEHIND_FIRST = /^(?::\d{1,5})?: /;

/** A setting that contains one or several hosts, and everything before its value in files, variables and lists. */
const SETTING =
  /\b(?:(?:https?|all|no|ftp)_?proxy|VOUCH_SERVER|tls[-_]server[-_]name|proxy[-_]?url)\b["'\]]?(?:\s{0,9}[=:]\s{0,9}|\s{0,9}<\/key>\s{0,99}<string>|,?\s{1,99}(?:-\s)?["']?value["']?\s{0,9}[:=]\s{0,9})["']?/gi;
const END_OF_SETTING = /[\s"'<>}\][{]/;

/** Go's message for a certificate with other names; a sentence may follow. */
const VALID_FOR = /\bcertificate is (?:not )?valid for /g;
const END_OF_NAMES = /[\n:;"]/;

/** How much of a setting's value is read, in characters. */
const LONGEST_LIST = 4000;

/** Endings of file names, and of other words with a dot that may be followed by a colon. */
const FILE =
  /\.(?:go|tsx?|jsx?|mjs|cjs|py|sh|java|rb|tf|tfvars|ya?ml|json|rs|cc?|cpp|h|cs|php|conf|cfg|ini|txt|log|toml|pem|crt|key|exe|dll|lock|md|html?|xml|env|apps|batch|autoscaling|policy|extensions)$/i;

/** Adds every host to the book that a text shows by its form, or by what precedes it. */
export function collectHosts(text: string, book: Pseudonymizer): void {
  const plain = text.replace(/%3A%2F%2F/gi, "://").replace(/%2F/gi, "/");
  for (const { word, index } of wordsOf(plain)) if (isHost(plain, word, index)) book.addHost(word);
  for (const { 0: found, index } of plain.matchAll(SETTING))
    collectHostList(upTo(plain, index + found.length, END_OF_SETTING), book);
  for (const { 0: found, index } of plain.matchAll(VALID_FOR))
    for (const { word } of wordsOf(upTo(plain, index + found.length, END_OF_NAMES)))
      if (isDotted(word)) book.addHost(word);
}

/** Adds hosts that neither form nor context shows, but that are under a domain in the book. */
export function collectHostsUnderKnown(text: string, book: Pseudonymizer): void {
  for (const { word } of wordsOf(text)) if (book.isUnderKnown(word)) book.addHost(word);
}

/** The hosts of a list such as NO_PROXY: separated by commas or blanks, each in the form of a field. */
function collectHostList(list: string, book: Pseudonymizer): void {
  for (const host of list.split(/[,;\s]+/)) collectHost(host, book);
}

/** The host in a field or a variable: alone, with a port, or in a URL. */
export function collectHost(value: string, book: Pseudonymizer): void {
  const [, behindScheme = ""] = /^(?:[a-z][\w+.-]{0,30}:\/\/)?(.*)/i.exec(value.trim()) ?? [];
  const [authority = ""] = behindScheme.split(/[/?#]/);
  const [, host = ""] = /^([\w.*-]{1,253})(?::\d{1,5})?$/.exec(authority.split("@").at(-1) ?? "") ?? [];
  book.addHost(host);
}

/** Variables that contain hosts, or a name of the machine. */
const OF_HOSTS = /(?:proxy|host|hostname|server|computername|userdomain|userdnsdomain)$/i;

/** The hosts in variables. */
export function collectHostsOfVariables(
  variables: Readonly<Record<string, string>>,
  book: Pseudonymizer,
): void {
  for (const [name, value] of Object.entries(variables))
    if (OF_HOSTS.test(name)) collectHostList(value, book);
}

function* wordsOf(text: string): Generator<{ readonly word: string; readonly index: number }> {
  for (const { 0: found, index } of text.matchAll(WORD)) {
    let end = found.length;
    while (end > 0 && /[.-]/.test(found.charAt(end - 1))) end -= 1;
    yield { word: found.slice(0, end), index };
  }
}

function isHost(text: string, word: string, index: number): boolean {
  if (FILE.test(word)) return false;
  const before = text.slice(Math.max(0, index - LOOK), index);
  if (SURELY_BEFORE.test(before)) return true;
  if (!word.includes(".")) return false;
  const behind = text.slice(index + word.length, index + word.length + LOOK);
  const isWhole = !/[@/]$/.test(before);
  if (isWhole && BEHIND.test(behind)) return true;
  if (CLEARLY_BEFORE.test(before) || (isWhole && CLEARLY_BEHIND.test(behind))) return isDotted(word);
  if (OPTION_BEFORE.test(before)) return isDotted(word) && !isReference(word);
  const isLikely = (index === 0 && BEHIND_FIRST.test(behind)) || BEFORE.test(before);
  return isLikely && endsAsHost(word) && !isReference(word);
}

/** Whether a word has the form of a host with a dot, whatever its ending. */
function isDotted(word: string): boolean {
  return /\.[a-z][\w-]+$/i.test(word) && !FILE.test(word);
}

function upTo(text: string, start: number, end: RegExp): string {
  const rest = text.slice(start, start + LONGEST_LIST);
  const at = rest.search(end);
  return at < 0 ? rest : rest.slice(0, at);
}
