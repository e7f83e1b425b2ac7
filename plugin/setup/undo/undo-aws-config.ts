import { configProfiles, valuesOf } from "../../../token/aws/sources/shared-files.ts";
import { editAwsProfile, removeAwsProfile } from "../aws-config-edit.ts";
import type { ChangedEntry } from "../file-change.ts";
import { takeBack } from "./take-back.ts";
import type { EntryChange, KeptEntry, StepTexts } from "./undo-kubeconfig.ts";

/** Reads what a command did to a profile from the texts before and after it. */
export function awsConfigChange({ path, before, after }: StepTexts, entry: ChangedEntry): EntryChange {
  const [old, ours] = [before, after].map((text) => settingsIn(text, path, entry.name));
  return { ...entry, did: old === undefined ? "added" : ours === undefined ? "removed" : "updated" };
}

/** A text without what a command did to these profiles; settings that others added or changed since stay. */
export function takeBackProfiles(
  now: string,
  { path, before, after, entries }: StepTexts & { readonly entries: readonly ChangedEntry[] },
): { readonly text: string; readonly kept: readonly KeptEntry[] } {
  const kept: KeptEntry[] = [];
  const text = entries.reduce((current, { section, name }) => {
    const settings = settingsIn(current, path, name);
    if (settings === undefined) return current;
    const [old, ours] = [before, after].map((state) => settingsIn(state, path, name));
    const keys = [...new Set([...Object.keys(ours ?? {}), ...Object.keys(old ?? {})])];
    const fields = keys.map((key) => ({
      key,
      ...takeBack({ before: old?.[key], ours: ours?.[key], now: settings[key] }),
    }));
    if (fields.some((field) => field.kept)) kept.push({ section, name, why: "changed" });
    const isNothingLeft =
      fields.every(({ value }) => value === undefined) &&
      Object.keys(settings).every((key) => keys.includes(key));
    if (old === undefined && isNothingLeft) return removeAwsProfile(current, path, name);
    const changed = fields.filter(({ key, value }) => value !== settings[key]);
    return editAwsProfile(current, path, {
      name,
      settings: Object.fromEntries(changed.map(({ key, value }) => [key, value])),
    });
  }, now);
  return { text, kept };
}

function settingsIn(text: string | undefined, path: string, name: string) {
  const profile = configProfiles({ path, text }).get(name);
  return profile && valuesOf(profile);
}
