import { readAwsProfiles } from "../../token/aws/aws-profiles.ts";
import { VouchError } from "../../token/errors.ts";
import { entriesOf, parseKubeconfig, type Section } from "../../token/kubeconfig/kubeconfig-document.ts";
import { readTextFile } from "../../token/private-file.ts";
import { editAwsProfile, removeAwsProfile } from "./aws-config-edit.ts";
import { restoreFile } from "./commit-changes.ts";
import type { FileChange } from "./file-change.ts";
import { type EntryEdit, editKubeconfig } from "./kubeconfig-edit.ts";
import { backedUp, hashOf, type JournalFile, readJournal, writeJournal } from "./setup-journal.ts";
import { type SetupPlace, withFilesLocked, withSetupLock } from "./setup-locks.ts";

/** How a file was put back. */
export interface UndoneFile {
  readonly path: string;
  /**
   * `restored`: byte for byte as it was. `removed`: we had made it. `entries`: somebody changed it since, so only our
   * entries went back. `unchanged`: it was already as before, or is gone.
   */
  readonly how: "restored" | "removed" | "entries" | "unchanged";
}

/** The step that was undone. */
export interface UndoneSetup {
  /** When it was done; ISO 8601, UTC. */
  readonly time: string;
  readonly files: readonly UndoneFile[];
}

/**
 * Takes back the last setup of this kind; called again, the one before it. Throws `undo-impossible` when none is left,
 * and leaves everything as it is when one of the files cannot be put back.
 */
export async function undoSetup(place: SetupPlace, kind: FileChange["kind"]): Promise<UndoneSetup> {
  return withSetupLock(place, async () => {
    const steps = readJournal(place.stateDir);
    const step = steps.findLast((candidate) => candidate.kind === kind);
    if (step === undefined)
      throw new VouchError("undo-impossible", "No setup is recorded that could be undone.");
    const paths = step.files.map(({ path }) => path);
    return withFilesLocked(place, paths, () => {
      const plans = step.files.map((file) => undoPlan(place.stateDir, kind, file));
      for (const { path, how, text } of plans) if (how !== "unchanged") restoreFile(place, path, text);
      writeJournal(
        place.stateDir,
        steps.filter((candidate) => candidate !== step),
      );
      return { time: step.time, files: plans.map(({ path, how }) => ({ path, how })) };
    });
  });
}

function undoPlan(
  stateDir: string,
  kind: FileChange["kind"],
  file: JournalFile,
): UndoneFile & { text: string | undefined } {
  const { path } = file;
  const now = readTextFile(path);
  if (now === undefined || hashOf(now) === file.before) return { path, how: "unchanged", text: now };
  const before = backedUp(stateDir, file);
  if (hashOf(now) === file.after)
    return { path, how: before === undefined ? "removed" : "restored", text: before };
  const put = kind === "kubeconfig" ? oldKubeconfigEntries : oldAwsProfiles;
  return { path, how: "entries", text: put(now, before ?? "", file) };
}

function oldKubeconfigEntries(now: string, before: string, { path, entries }: JournalFile): string {
  const document = parseKubeconfig(now, path);
  const old = parseKubeconfig(before, path).model;
  const edits = entries.map(({ section, name }): EntryEdit => {
    const of = section as Section;
    return { section: of, name, body: entriesOf(old, of).get(name) };
  });
  const gone = new Set(
    edits.filter(({ section, body }) => section === "contexts" && body === undefined).map(({ name }) => name),
  );
  const contexts = [...entriesOf(document.model, "contexts")].filter(([name]) => !gone.has(name));
  const isUsed = ({ section, name }: EntryEdit) =>
    contexts.some(
      ([, body]) =>
        (section === "clusters" && body["cluster"] === name) ||
        (section === "users" && body["user"] === name),
    );
  return editKubeconfig(document, {
    entries: edits.filter((edit) => edit.body !== undefined || !isUsed(edit)),
  });
}

/** The settings that setup writes into a profile. */
const OUR_SETTINGS = ["credential_process", "region", "output"];

function oldAwsProfiles(now: string, before: string, { path, entries }: JournalFile): string {
  return entries.reduce((text, { name }) => {
    const old = readAwsProfiles(before, path).find((profile) => profile.name === name);
    const current = readAwsProfiles(text, path).find((profile) => profile.name === name);
    if (current === undefined) return text;
    const isOursAlone = Object.keys(current.settings).every((key) => OUR_SETTINGS.includes(key));
    if (old === undefined && isOursAlone) return removeAwsProfile(text, path, name);
    const settings = Object.fromEntries(OUR_SETTINGS.map((key) => [key, old?.settings[key]]));
    return editAwsProfile(text, path, { name, settings });
  }, now);
}
