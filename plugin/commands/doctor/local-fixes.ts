import fs from "node:fs";
import path from "node:path";
import type { Examination, ExecFields, SetExec, SetupEks } from "../../../doctor/doctor.ts";
import { findProgram } from "../../../doctor/probes/local/find-program.ts";
import { ours } from "../../../token/command/command.ts";
import { sentenceText, withCommands } from "../../../token/command/sentence.ts";
import { deleteFile } from "../../../token/files/sharing.ts";
import type { KubeRecord } from "../../../token/kubeconfig/kubeconfig-document.ts";
import {
  kubeconfigPaths,
  namedKubeconfig,
  readKubeconfigs,
} from "../../../token/kubeconfig/kubeconfig-files.ts";
import { isRecord } from "../../../token/record.ts";
import { localTime } from "../../../token/text/time.ts";
import type { App } from "../../app.ts";
import { lastingProgram, PROGRAM } from "../../programs/program-path.ts";
import { commitChanges } from "../../setup/commit-changes.ts";
import { type KubeconfigDraft, kubeconfigDraft } from "../../setup/kubeconfig-draft.ts";
import { entryAsWritten } from "../../setup/lost-entries.ts";
import { diffOf, setupPlace } from "../../setup/setup-report.ts";
import { undoCommand } from "../../setup/undo/undo-selection.ts";
import type { ColorChoice } from "../../terminal/style.ts";
import { vouchContexts } from "../../vouch/vouch-contexts.ts";
import { Desk } from "../../workplace/workplace.ts";
import { NOTHING_GIVEN, type SetupEksOptions } from "../setup/setup-eks.options.ts";
import type { LocalFix } from "./apply-plan.ts";

/** Our own kubeconfig entry, recreated by `setup eks`, if that is what the doctor offers. */
export function contextFix(
  app: App,
  { report, fixes }: Examination,
  kubeconfig: string | undefined,
): LocalFix[] {
  const setup = fixes.flatMap(({ actions = [] }) => actions).find((action) => action.kind === "setup-eks");
  const { context } = report;
  if (setup === undefined || context === undefined || !isSameEntry(app, setup, { context, kubeconfig })) {
    return [];
  }
  const run = async (changes: Pick<SetupEksOptions, "dryRun" | "diff">, by: App) => {
    const { runSetupEks } = await import("../setup/setup-eks.run.ts");
    await runSetupEks({ ...setupOptions(setup, { context, kubeconfig }), ...changes }, by);
  };
  // The report of a dry run says how to write it, which is asked next.
  const quiet = { ...app, io: { ...app.io, err: () => {} } };
  return [
    {
      description: `Recreate the entry of context ${context}.`,
      show: () => run({ dryRun: true, diff: true }, quiet),
      apply: () => run({ dryRun: false, diff: false }, app),
    },
  ];
}

interface ContextPlace {
  readonly context: string;
  readonly kubeconfig: string | undefined;
}

/** Setup adds an entry of another cluster, role or profile beside the old one, which would fix nothing. */
function isSameEntry(
  app: App,
  { cluster, role, profile }: SetupEks,
  { context, kubeconfig }: ContextPlace,
): boolean {
  const contexts = vouchContexts(readKubeconfigs(kubeconfigPaths(app, kubeconfig)));
  const stanza = contexts.find(({ name }) => name === context)?.stanza;
  if (cluster === undefined || stanza?.clusterName !== cluster) return false;
  const { source } = stanza;
  if (source.role !== role) return false;
  if (source.kind === "vouch") return profile === undefined;
  return source.profile !== undefined && source.profile === profile;
}

function setupOptions(
  { cluster, region, role, via, sessionName, server, profile }: SetupEks,
  { context, kubeconfig }: ContextPlace,
): SetupEksOptions {
  return {
    ...NOTHING_GIVEN,
    ...{ cluster, region, role, via: [...via], sessionName, server, profile },
    ...{ contextName: context, kubeconfig, keepsCurrent: true },
  };
}

type Cause = Examination["rootCauses"][number];

/** A change to the kubeconfig, and its description. */
interface Repair {
  readonly description: string;
  readonly edit: (draft: KubeconfigDraft) => void;
}

/**
 * Repairs of the kubeconfig that do not need permission: fields of an exec block that the doctor suggests to set, the path of a
 * program that PATH does not have, entries of ours that are gone. `setup eks --undo` takes them back.
 */
export function entryFixes(
  app: App,
  { report, rootCauses }: Examination,
  kubeconfig: string | undefined,
): LocalFix[] {
  const paths = kubeconfigPaths(app, kubeconfig);
  const undo = undoCommand("kubeconfig", { kubeconfig: namedKubeconfig(kubeconfig) });
  const plan = (repair: Repair) => {
    const draft = kubeconfigDraft(readKubeconfigs(paths));
    repair.edit(draft);
    return { changes: draft.changes(), result: undefined };
  };
  return rootCauses
    .flatMap(
      (cause) => restored(app, cause, { paths, context: report.context }) ?? execRepair(app, cause) ?? [],
    )
    .map((repair) => ({
      description: repair.description,
      show: async () => app.io.err(diffOf(plan(repair).changes)),
      apply: async () => {
        await commitChanges(setupPlace(new Desk(app)), () => plan(repair));
        app.io.err(`${withCommands`To undo it: ${undo}`}\n`);
      },
    }));
}

interface Place {
  readonly paths: readonly string[];
  readonly context: string | undefined;
}

/** The missing cluster and user entries of the context, as setup wrote them; undefined unless all of them are known. */
function restored(app: App, { code }: Cause, { paths, context }: Place): Repair | undefined {
  if (code !== "kubeconfig-missing-entry" || context === undefined) return undefined;
  const { entries } = readKubeconfigs(paths);
  const body = entries.contexts.get(context)?.body;
  const { state } = new Desk(app).workplace.folders;
  const lost = (["clusters", "users"] as const)
    .map((section) => ({ section, name: String(body?.[section === "users" ? "user" : "cluster"] ?? "") }))
    .filter(({ section, name }) => name !== "" && !entries[section].has(name))
    .map((wanted) => ({ ...wanted, body: entryAsWritten(state, paths, wanted) }));
  const known = lost.flatMap((one) => (one.body === undefined ? [] : [{ ...one, body: one.body }]));
  if (known.length === 0 || known.length < lost.length) return undefined;
  return {
    description: `Restore what context ${context} refers to, as setup wrote it: ${known.map(({ name }) => name).join(", ")}.`,
    edit(draft) {
      for (const { section, name, body: written } of known) draft.put(section, name, written);
    },
  };
}

/** The first fix of a kubeconfig or plugin fault that only sets fields of exec blocks. */
function execRepair(app: App, { stage, confidence, code, fixes }: Cause): Repair | undefined {
  if (!["kubeconfig", "plugin"].includes(stage) || confidence === "possible") return undefined;
  for (const { audience, description, actions = [] } of fixes) {
    const edits = actions.flatMap((action) => (action.kind === "set-exec" ? [action] : []));
    if (audience !== "you" || edits.length === 0 || edits.length < actions.length) continue;
    const known = edits.flatMap((edit) => onThisMachine(app, code, edit) ?? []);
    if (known.length < edits.length) continue;
    const text = sentenceText(description, "bash");
    const found = known.flatMap(({ fields: { command } }) => command ?? []);
    return {
      description: code === "plugin-not-found" ? `Set its full path: ${found.join(", ")}.` : text,
      edit(draft) {
        for (const edit of known) setExec(draft, edit);
      },
    };
  }
  return undefined;
}

/** A placeholder for an unknown value, or a secret that the doctor has not seen. */
const NO_VALUE = /^(?:CLUSTER|CLUSTER_ID|REGION|PROFILE|USER)$|\*\*\*/;

/** The edit with the program's path on this machine; undefined if a value is a placeholder or the program is not found. */
function onThisMachine(app: App, code: string, edit: SetExec): SetExec | undefined {
  const { command = "", args = [], env = {} } = edit.fields;
  const words = [edit.user, command, ...args, ...Object.values(env)];
  if (words.some((word) => NO_VALUE.test(word ?? ""))) return undefined;
  if (code !== "plugin-not-found" || isFile(command)) return edit;
  const name = path.basename(command);
  const found = name === PROGRAM ? lastingProgram(app)?.path : undefined;
  const file = found ?? programElsewhere(app, name);
  return file === undefined ? undefined : { ...edit, fields: { ...edit.fields, command: file } };
}

function isFile(file: string): boolean {
  return path.isAbsolute(file) && fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function setExec(draft: KubeconfigDraft, { user, fields }: SetExec): void {
  const before = draft.entry("users", user)?.body ?? {};
  const exec = isRecord(before["exec"]) ? before["exec"] : {};
  draft.put("users", user, { ...before, exec: changedExec(exec, fields) });
}

function changedExec(exec: KubeRecord, { env, ...fields }: ExecFields): KubeRecord {
  if (env === undefined) return { ...exec, ...fields };
  const list = Array.isArray(exec["env"]) ? exec["env"].filter(isRecord) : [];
  const kept = list.flatMap((one) => {
    const name = String(one["name"]);
    if (!Object.hasOwn(env, name)) return [one];
    return env[name] === undefined ? [] : [{ ...one, value: env[name] }];
  });
  const names = new Set(list.map(({ name }) => name));
  const added = Object.entries(env).filter(([name, value]) => value !== undefined && !names.has(name));
  return { ...exec, ...fields, env: [...kept, ...added.map(([name, value]) => ({ name, value }))] };
}

/**
 * Where installers usually put programs, besides the folders of PATH. Source: AWS CLI User Guide, "Installing or updating";
 * krew/PACKAGING.md, "Installation".
 */
const FOLDERS = [
  "/usr/local/bin",
  "/opt/homebrew/bin",
  "/home/linuxbrew/.linuxbrew/bin",
  "/usr/bin",
  "/bin",
  "/snap/bin",
  "/usr/local/aws-cli/v2/current/bin",
];
const UNDER_HOME = [".local/bin", "bin", ".krew/bin", "go/bin", ".asdf/shims"];
const ON_WINDOWS = ["C:\\Program Files\\Amazon\\AWSCLIV2"];

/** Finds a program that is not on PATH in the usual folders; undefined if it is in none of them. */
function programElsewhere({ env, homeDir, platform }: App, name: string): string | undefined {
  const isWindows = platform === "win32";
  const krew = env["KREW_ROOT"] === undefined ? [] : [path.join(env["KREW_ROOT"], "bin")];
  const own = UNDER_HOME.map((folder) => path.join(homeDir, folder));
  const folders = [...krew, ...(isWindows ? ON_WINDOWS : FOLDERS), ...own];
  return findProgram(name, { searchPath: folders.join(isWindows ? ";" : ":"), platform });
}

/** Age from which a lock that kubectl left is stale, in milliseconds: kubectl holds it for the time of one write. */
const STALE_LOCK_MS = 5 * 60_000;

/** Kubeconfig files that others may read, and locks without a holder. */
export function fileFixes(app: App, kubeconfig: string | undefined): LocalFix[] {
  return kubeconfigPaths(app, kubeconfig).flatMap((file) => [...modeFix(app, file), ...lockFix(app, file)]);
}

function modeFix(app: App, file: string): LocalFix[] {
  const mode = (statusOf(file)?.mode ?? 0o600) & 0o777;
  if (app.platform === "win32" || (mode & 0o077) === 0) return [];
  const before = mode.toString(8);
  return [
    {
      description: `Make ${file} accessible only to you.`,
      show: async () => app.io.err(`mode of ${file}: ${before} → 600 (undo: chmod ${before})\n`),
      apply: async () => fs.chmodSync(file, 0o600),
    },
  ];
}

function lockFix(app: App, file: string): LocalFix[] {
  const lock = `${file}.lock`;
  const changed = statusOf(lock)?.mtimeMs;
  if (changed === undefined || app.clock() - changed < STALE_LOCK_MS) return [];
  return [
    {
      description: `Remove ${lock}, left behind by a program that was interrupted: it blocks all changes to the kubeconfig.`,
      show: async () => app.io.err(`remove ${lock}, of ${localTime(changed)}\n`),
      apply: async () => deleteFile(lock),
    },
  ];
}

function statusOf(file: string): fs.Stats | undefined {
  return fs.statSync(file, { throwIfNoEntry: false });
}

/** The login for an AWS profile, if the doctor offers one: at IAM Identity Center in the browser, or with an MFA code. */
export function loginFix(app: App, { fixes }: Pick<Examination, "fixes">, color: ColorChoice): LocalFix[] {
  const profile = profileToLogIn(fixes);
  if (profile === undefined) return [];
  return [
    {
      description: `Log in for AWS profile ${profile}.`,
      show: async () => app.io.err(`${withCommands`This runs ${ours("login", { profile })}.`}\n`),
      apply: async () => {
        const { Desk } = await import("../../workplace/workplace.ts");
        const { runProfileLogin } = await import("../login/login-profile.run.ts");
        const account = { server: undefined, account: undefined, keyStore: undefined, pinStdin: false };
        const how = { timeout: undefined, force: false, ifNeeded: undefined };
        const output = "text" as const;
        await runProfileLogin(
          { profile, ...account, ...how, deviceCode: false, output, color },
          new Desk(app),
        );
      },
    },
  ];
}

/** A forced login is for people to decide. */
function profileToLogIn(fixes: Examination["fixes"]): string | undefined {
  for (const action of fixes.flatMap(({ actions = [] }) => actions)) {
    if (action.kind !== "run" || action.verb.join(" ") !== "vouch login") continue;
    const { profile, force } = action.options;
    if (typeof profile === "string" && profile !== "PROFILE" && force === undefined) return profile;
  }
  return undefined;
}
