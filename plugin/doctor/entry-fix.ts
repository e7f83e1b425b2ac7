import fs from "node:fs";
import path from "node:path";
import type { Examination, ExecFields, SetExec } from "../../doctor/doctor.ts";
import { sentenceText, withCommands } from "../../token/command/sentence.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import {
  kubeconfigPaths,
  namedKubeconfig,
  readKubeconfigs,
} from "../../token/kubeconfig/kubeconfig-files.ts";
import { isRecord } from "../../token/record.ts";
import type { App } from "../app.ts";
import { lastingProgram, PROGRAM } from "../programs/program-path.ts";
import { commitChanges } from "../setup/commit-changes.ts";
import { type KubeconfigDraft, kubeconfigDraft } from "../setup/kubeconfig-draft.ts";
import { entryAsWritten } from "../setup/lost-entries.ts";
import { diffOf, setupPlace } from "../setup/setup-report.ts";
import { undoCommand } from "../setup/undo/undo-selection.ts";
import { Desk } from "../workplace/workplace.ts";
import type { LocalFix } from "./local-fix.ts";
import { programElsewhere } from "./program-elsewhere.ts";

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
