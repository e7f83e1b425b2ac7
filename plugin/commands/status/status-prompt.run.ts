import path from "node:path";
import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-paths.ts";
import { readAwsFiles } from "../../../token/aws/sources/read-plan.ts";
import { namedProfile, planOf } from "../../../token/aws/sources/source-plan.ts";
import { debug } from "../../../token/debug.ts";
import { envValue } from "../../../token/env.ts";
import { reasonOf, unlessThrown, VouchError } from "../../../token/errors/errors.ts";
import { readWitnessed } from "../../../token/files/plain-file.ts";
import { writeFileAtomically } from "../../../token/files/private-file.ts";
import type { Witness } from "../../../token/hot/cached-token.ts";
import { findSession } from "../../../token/hot/current.ts";
import { fnv32 } from "../../../token/hot/fnv.ts";
import { dependsOnDirectory, promptKey } from "../../../token/hot/key.ts";
import {
  type PromptFinding,
  type PromptSession,
  promptText,
  vouchPrompt,
} from "../../../token/hot/prompt.ts";
import { promptFile } from "../../../token/hot/state-files.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { makeProfilesFolder } from "../../../token/mint/profile-source.ts";
import type { App } from "../../app.ts";
import { ANY_REGION } from "../../aws/context-plan.ts";
import { contextStart, type FirstPlan, firstPlan, sessionFile, sessionOf } from "../../login/aws-sessions.ts";
import { type VouchContext, vouchContexts } from "../../vouch/vouch-contexts.ts";
import { chosenServer, Desk } from "../../workplace/workplace.ts";

interface PromptOptions {
  readonly server: string | undefined;
  readonly kubeconfig: string | undefined;
}

/**
 * The cases that the warm path leaves to us: nothing is known about the current context and AWS_PROFILE, or a file has changed
 * since; a server other than the last login's; `--debug`.
 */
export async function runPrompt({ server, kubeconfig }: PromptOptions, app: App): Promise<void> {
  const desk = new Desk(app);
  const session = server === undefined ? await profileSession(desk, kubeconfig) : undefined;
  app.io.out(promptText(session ?? vouchSession(desk, server), app.clock()));
}

function vouchSession(desk: Desk, server: string | undefined): PromptSession | undefined {
  const { workplace } = desk;
  const { base } = chosenServer(desk, server);
  return vouchPrompt(findSession(workplace.current, base, workplace.config.account));
}

/** The session of the current context's AWS profile, or of AWS_PROFILE; undefined where Vouch's is meant. Noted for the next prompt. */
async function profileSession(
  desk: Desk,
  kubeconfig: string | undefined,
): Promise<PromptSession | undefined> {
  const { app } = desk;
  const { env, homeDir } = app;
  const kubeconfigs = kubeconfigPaths(app, kubeconfig);
  // Before they are read: a file that changes in between then looks like another.
  const identities = [...kubeconfigs, awsConfigPath(env, homeDir), awsCredentialsPath(env, homeDir)].map(
    (file) => witnessed(app, file),
  );
  const first = meantProfile(desk, currentContext(kubeconfigs));
  const file = first && sessionFile(app, first.plan);
  if (file !== undefined) identities.push(witnessed(app, file));
  const session = first && (await sessionOfFirst(app, first));
  if (kubeconfig === undefined) note(desk, identities, session);
  return session;
}

function currentContext(kubeconfigs: readonly string[]): VouchContext | undefined {
  try {
    return vouchContexts(readKubeconfigs(kubeconfigs)).find(({ isCurrent }) => isCurrent);
  } catch (error) {
    debug(`the kubeconfig does not tell whose session the prompt shows: ${reasonOf(error)}`);
    return undefined;
  }
}

/** Undefined for a context or profile of Vouch's, and where nothing names a profile. */
function meantProfile(desk: Desk, context: VouchContext | undefined): FirstPlan | undefined {
  const first = context === undefined ? profileInShell(desk) : contextStart(desk, context).first;
  const isVouch = first?.plan.kind === "process" && first.plan.vouch !== undefined;
  return isVouch ? undefined : first;
}

function profileInShell({ app, aws }: Desk): FirstPlan | undefined {
  const named = namedProfile({ profile: undefined }, app.env);
  if (named === undefined) return undefined;
  const plan = firstPlan(named.name, () =>
    planOf({ profile: named.name, by: named.by, region: ANY_REGION }, readAwsFiles(aws).files, app.env),
  );
  return plan instanceof VouchError ? undefined : plan;
}

/** A prompt may interpret what it shows, so no other characters of the name reach it. */
async function sessionOfFirst(app: App, { profile, plan }: FirstPlan): Promise<PromptSession> {
  const name = profile.replaceAll(/[^\w.@+-]/g, "-");
  const token = await sessionOf(app, plan).catch((error: unknown) => {
    debug(`the session of AWS profile ${profile} cannot be read: ${reasonOf(error)}`);
    return undefined;
  });
  if (token === undefined) return { name };
  return { name, end: token.expires, isRefreshable: token.isRefreshable };
}

type Identified = readonly [file: string, identity: string | undefined];

function witnessed(app: App, file: string): Identified {
  return unlessThrown(() => [file, readWitnessed(file, app.clock()).identity], [file, undefined]);
}

/** Keeps what was found out, unless a file could change without a sign of it. */
function note(
  { app, workplace }: Desk,
  files: readonly Identified[],
  session: PromptSession | undefined,
): void {
  const variable = (name: string) => envValue(app.env, name) ?? (name === "HOME" ? app.homeDir : undefined);
  const witnesses = files.flatMap(([file, identity]): Witness[] =>
    identity === undefined ? [] : [[file, identity]],
  );
  const isRelative = (envValue(app.env, "KUBECONFIG") ?? "")
    .split(path.delimiter)
    .some((file) => file !== "" && !path.isAbsolute(file));
  const isTelling =
    witnesses.length === files.length &&
    !isRelative &&
    !dependsOnDirectory({ profile: undefined }, variable, app.platform === "win32");
  if (!isTelling) return;
  const { state } = workplace.folders;
  const key = promptKey(variable);
  const finding: PromptFinding = { key, witnesses, ...(session === undefined ? {} : { session }) };
  try {
    makeProfilesFolder(state);
    writeFileAtomically(promptFile(state, fnv32(key)), JSON.stringify(finding));
  } catch (error) {
    debug(`what the prompt shows was not stored: ${reasonOf(error)}`);
  }
}
