/**
 * The warm answer, the heart of the program: arguments, cached token, print. kubectl runs this on every command.
 *
 * Deliberately absent: network, keyring, cryptography, waiting, messages. It decides only the plain case; in any doubt it returns
 * false, and the full program takes over with the same arguments.
 */
import { detectAiAgent } from "./ai-agent.ts";
import { type CachedToken, isValidNow, readCachedToken } from "./cached-token.ts";
import { clusterRefusal } from "./cluster-record.ts";
import { type Current, findSession, readCurrent, unnamedAccount } from "./current.ts";
import { isDebugOn } from "./debug-variable.ts";
import { execCredential } from "./exec-credential.ts";
import { isClientGo, readExecInfo } from "./exec-info.ts";
import { flagVariable } from "./flag-variable.ts";
import { fnv32 } from "./fnv.ts";
import type { Host } from "./host.ts";
import { type AwsKeyParts, dependsOnDirectory, sourceTokenKey, tokenKey, type VouchKeyParts } from "./key.ts";
import { addMark, findMark } from "./mark.ts";
import { isAwsQuestion, readQuestion } from "./question.ts";
import {
  currentFile,
  markFile,
  profilesFolder,
  sessionFolder,
  stateFolder,
  tokenFile,
} from "./state-files.ts";
import { stsHost } from "./sts-host.ts";

/** Prints the ExecCredential from the cache and returns true; or prints nothing and returns false. */
export function answerWarm(host: Host): boolean {
  const env = (name: string) => host.env(name);
  const agent = detectAiAgent(env);
  const question = readQuestion(host.args, agent);
  if (question === undefined) return false;
  if (isDebugOn(env("VOUCH_DEBUG"))) return false;
  const asked = env("KUBERNETES_EXEC_INFO");
  const info = readExecInfo(asked);
  const state = stateFolder(env, host.isWindows);
  const fips = flagVariable(env("AWS_USE_FIPS_ENDPOINT"));
  const dualStack = flagVariable(env("AWS_USE_DUALSTACK_ENDPOINT"));
  if (info === undefined || state === undefined || fips === undefined || dualStack === undefined)
    return false;

  const signedHost = stsHost(question.region, { fips, dualStack });
  const current = readCurrentFile(host, state);
  if (signedHost === undefined || current === undefined || current.cache === false) return false;
  const signing = { stsHost: signedHost, agent };
  const place = isAwsQuestion(question)
    ? sourcePlace(host, state, { ...question, ...signing })
    : sessionPlace(host, state, current, { ...question, ...signing });
  if (place === undefined) return false;

  const name = fnv32(place.key);
  const cached = readToken(host, tokenFile(place.folder, name), place.key);
  if (cached === undefined) return false;
  if (isAwsQuestion(question) && !areUnchanged(host, cached)) return false;
  const isRequired = current.requireClusterInfo === true || cached.requiresCluster === true;
  if (clusterRefusal(info.cluster, cached.cluster, isRequired) !== undefined) return false;
  if (isClientGo(asked) && !mayAnswer(host, markFile(state, name), cached)) return false;

  return isPrinted(host, execCredential(info.apiVersion, cached.token, cached.expires));
}

/** Where a cached token is, and its key. */
interface TokenPlace {
  readonly folder: string;
  readonly key: string;
}

function sessionPlace(
  host: Host,
  state: string,
  current: Current,
  asked: Omit<VouchKeyParts, "session">,
): TokenPlace | undefined {
  const account = asked.account ?? unnamedAccount(current, asked.server);
  const session = findSession(current, asked.server, account);
  if (session === undefined || session.end <= host.now()) return undefined;
  return { folder: sessionFolder(state, session.id), key: tokenKey({ ...asked, session }) };
}

function sourcePlace(host: Host, state: string, asked: AwsKeyParts): TokenPlace | undefined {
  const env = (name: string) => host.env(name);
  if (dependsOnDirectory(asked, env, host.isWindows)) return undefined;
  return { folder: profilesFolder(state), key: sourceTokenKey(asked, env) };
}

/** Whether all files that a token was made from are unchanged. A token without witnesses may be out of date. */
function areUnchanged(host: Host, { witnesses }: CachedToken): boolean {
  return witnesses?.every(([path, identity]) => host.identity(path) === identity) ?? false;
}

/** If something prevents the output, such as a full disk, the full program runs into it again and explains it. */
function isPrinted(host: Host, text: string): boolean {
  try {
    host.print(text);
    return true;
  } catch {
    return false;
  }
}

function readCurrentFile(host: Host, state: string): Current | undefined {
  const file = host.readFile(currentFile(state));
  return file?.isPrivate ? readCurrent(file.text) : undefined;
}

function readToken(host: Host, path: string, key: string): CachedToken | undefined {
  const file = host.readFile(path);
  const cached = file?.isPrivate ? readCachedToken(file.text) : undefined;
  return cached?.key === key && isValidNow(cached, host.now()) ? cached : undefined;
}

/**
 * False if this is the second call for the same token from the same client within a moment: the API server refused it, and the
 * full program must mint another. If another process has done so meanwhile, the new token is the answer. A first call leaves its
 * mark; if it could not, that is no reason to refuse.
 */
function mayAnswer(host: Host, path: string, { expires }: CachedToken): boolean {
  const now = host.now();
  const parentId = host.parentId();
  const file = host.readFile(path);
  const marks = file?.isPrivate ? file.text : "";
  const mark = findMark(marks, parentId, now);
  if (mark?.renewed) return true;
  if (mark?.expires === expires) return false;
  const left = { first: now, expires, renewed: mark !== undefined };
  host.overwriteFile(path, addMark(marks, parentId, left));
  return true;
}
