import { isDeepStrictEqual } from "node:util";
import { readSharedFiles, type SharedFiles, valuesOf } from "../../../token/aws/sources/shared-files.ts";
import { editAwsConfig, type SectionEdit, sectionTexts } from "../aws-config-edit.ts";
import { awsConfigReader } from "../changed-entries.ts";
import type { ChangedEntry } from "../file-change.ts";
import { takeBack } from "./take-back.ts";
import type { EntryChange, KeptEntry, StepTexts } from "./undo-kubeconfig.ts";

/** Reads what a command did to profiles and sessions from the texts before and after it. */
export function awsConfigChanges(
  { path, before, after }: StepTexts,
  entries: readonly ChangedEntry[],
): EntryChange[] {
  const [old, ours] = [awsConfigReader(before, path), awsConfigReader(after, path)];
  return entries.map((entry) => ({
    ...entry,
    did: old(entry) === undefined ? "added" : ours(entry) === undefined ? "removed" : "updated",
  }));
}

interface TakenBack {
  readonly edits: readonly SectionEdit[];
  readonly kept: readonly KeptEntry[];
}

/**
 * A text without what a command did to these profiles; settings that others added or changed since stay. The sessions that it
 * added are removed with the last profile that uses them.
 */
export function takeBackProfiles(
  now: string,
  texts: StepTexts & { readonly entries: readonly ChangedEntry[] },
): { readonly text: string; readonly kept: readonly KeptEntry[] } {
  const { path } = texts;
  const profiles = profilesTakenBack(now, texts);
  const text = editAwsConfig(now, path, profiles.edits);
  const sessions = sessionsTakenBack(text, texts);
  const told = sessions.kept.filter(({ name }) => texts.entries.some((entry) => isSession(entry, name)));
  return { text: editAwsConfig(text, path, sessions.edits), kept: [...profiles.kept, ...told] };
}

function isSession({ section, name }: ChangedEntry, wanted: string): boolean {
  return section === "sso-session" && name === wanted;
}

function profilesTakenBack(now: string, texts: Parameters<typeof takeBackProfiles>[1]): TakenBack {
  const { path, before, after } = texts;
  const [old, ours, there] = [
    awsConfigReader(before, path),
    awsConfigReader(after, path),
    awsConfigReader(now, path),
  ];
  const textBefore = sectionTexts(before ?? "", path);
  const kept: KeptEntry[] = [];
  const edits = texts.entries.flatMap(({ section, name }): SectionEdit[] => {
    if (section !== "profile") return [];
    const entry = { section, name };
    const [was, made, settings] = [old(entry), ours(entry), there(entry)];
    if (settings === undefined) return made === undefined ? [{ ...entry, content: textBefore(entry) }] : [];
    const keys = [...new Set([...Object.keys(made ?? {}), ...Object.keys(was ?? {})])];
    const fields = keys.map((key) => ({
      key,
      ...takeBack({ before: was?.[key], ours: made?.[key], now: settings[key] }),
    }));
    if (fields.some((field) => field.kept)) kept.push({ ...entry, why: "changed" });
    const isNothingLeft =
      fields.every(({ value }) => value === undefined) &&
      Object.keys(settings).every((key) => keys.includes(key));
    if (was === undefined && isNothingLeft) return [{ ...entry, content: undefined }];
    const changed = fields.filter(({ key, value }) => value !== settings[key]);
    return [{ ...entry, content: Object.fromEntries(changed.map(({ key, value }) => [key, value])) }];
  });
  return { edits, kept };
}

/** A session that others have changed since stays, and so does one that a profile still uses. */
function sessionsTakenBack(now: string, { path, before, after }: StepTexts): TakenBack {
  const [old, ours, there] = [filesOf(before, path), filesOf(after, path), filesOf(now, path)];
  const used = new Set(
    [...there.profiles.values()].map(({ settings }) => settings.get("sso_session")?.value),
  );
  const kept: KeptEntry[] = [];
  const edits = [...ours.ssoSessions.values()].flatMap((made): SectionEdit[] => {
    const entry = { section: "sso-session", name: made.name };
    const session = there.ssoSessions.get(made.name);
    if (session === undefined || old.ssoSessions.has(made.name)) return [];
    const isSame = isDeepStrictEqual(valuesOf(session), valuesOf(made));
    if (isSame && !used.has(made.name)) return [{ ...entry, content: undefined }];
    kept.push({ ...entry, why: isSame ? "used" : "changed" });
    return [];
  });
  return { edits, kept };
}

function filesOf(text: string | undefined, path: string): SharedFiles {
  return readSharedFiles({ path, text }, { path, text: undefined });
}
