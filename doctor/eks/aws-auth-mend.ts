import { awsAuthTexts } from "../facts/aws-auth.ts";
import type { EntryText, SectionKey } from "../facts/aws-auth-edit.ts";
import { addEntry } from "../facts/aws-auth-edit.ts";
import type { Facts } from "../facts/facts.ts";
import type { Mend } from "../rule.ts";

const KUBECTL = ["kubectl", "-n", "kube-system"];

/** Keeps the ConfigMap that is in force: a mistake in the next one can lock out everybody, nodes included. */
const SAVE_AWS_AUTH: readonly string[] = [
  ...KUBECTL,
  ...["get", "configmap", "aws-auth", "-o", "yaml", ">", "aws-auth-before.yaml"],
];

/**
 * Writes sections of aws-auth anew (null: takes a key away): saves the old ConfigMap, lets the API server try the new one,
 * writes it. The whole new text of the section is in the command.
 */
export function patchAwsAuth(does: string, data: Readonly<Record<string, string | null>>): Mend {
  const patch = [
    ...KUBECTL,
    "patch",
    "configmap",
    "aws-auth",
    "--type",
    "merge",
    "--patch",
    JSON.stringify({ data }),
  ];
  return {
    by: "an administrator of the cluster",
    does: `${does} The first command keeps the old ConfigMap, the second only tries the new one.`,
    commands: [SAVE_AWS_AUTH, [...patch, "--dry-run=server", "-o", "yaml"], patch],
  };
}

/** Adds an entry to a section. */
export function addToAwsAuth(
  { evidence }: Pick<Facts, "evidence">,
  does: string,
  { section, ...entry }: EntryText & { readonly section: SectionKey },
): Mend {
  const text = awsAuthTexts(evidence.awsAuth)[section] ?? "";
  return patchAwsAuth(does, { [section]: addEntry(text, entry, section) });
}

/** For what no program can write: opens the ConfigMap in an editor, after keeping the old one. */
export function editAwsAuth(does: string, text?: string): Mend {
  return {
    by: "an administrator of the cluster",
    does: `${does} The first command keeps the old ConfigMap.`,
    commands: [SAVE_AWS_AUTH, [...KUBECTL, "edit", "configmap", "aws-auth"]],
    ...(text === undefined ? {} : { text }),
  };
}
