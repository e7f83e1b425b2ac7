import { kubectl, type Options, type Run, writeFile } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import { awsAuthTexts, versionOf } from "../eks/aws-auth/aws-auth.ts";
import { addToSection, type EntryText, newEntry, type SectionKey } from "../eks/aws-auth/aws-auth-edit.ts";
import type { Principal } from "../eks/principal/principal.ts";
import { isExcerpt, knownValue } from "../evidence/evidence.ts";
import { type Action, documentOf, type Fix, forClusterAdmin } from "./fix.ts";
import { yaml } from "./manifests.ts";
import { ownGroup } from "./rbac-actions.ts";

/** Saves the current ConfigMap, since a mistake in the next one can lock out everyone, including the nodes. */
const SAVE_AWS_AUTH = writeFile(onAwsAuth("get", { o: "yaml" }), "aws-auth-before.yaml");

/**
 * Replaces sections of aws-auth (null removes one): saves the old ConfigMap, tests the change with a dry run on the server,
 * applies it. The command contains the whole new text of the section, so it is printed only with the `resourceVersion` of the text
 * that was read. Without one, an editor opens, and `text` is what to put in there.
 */
export function patchAwsAuth(
  description: string,
  data: Readonly<Record<string, string | null>>,
  { resourceVersion, text }: { readonly resourceVersion: string | undefined; readonly text?: string },
): Fix {
  if (resourceVersion === undefined) return editAwsAuth(description, text);
  return forClusterAdmin(
    `${description} The first command saves the current ConfigMap; the second is a dry run.`,
    ...patchCommands(data, resourceVersion),
  );
}

/** With a resourceVersion, the API server rejects the patch if the ConfigMap has changed since. */
export function patchCommands(
  data: Readonly<Record<string, string | null>>,
  resourceVersion?: string,
): readonly Action[] {
  const metadata = resourceVersion === undefined ? {} : { metadata: { resourceVersion } };
  const change = { type: "merge", patch: JSON.stringify({ ...metadata, data }) };
  return [
    SAVE_AWS_AUTH,
    onAwsAuth("patch", { ...change, "dry-run": "server", o: "yaml" }),
    onAwsAuth("patch", change),
  ];
}

type AwsPrincipal = Pick<Principal, "canonicalArn" | "kind" | "name">;

/** Maps a principal separately, to a new group that has a binding for what was tried. */
export function addPerson(facts: Parameters<typeof ownGroup>[0], how: string, principal: AwsPrincipal): Fix {
  const { group, says, actions } = ownGroup(facts, principal);
  const fix = addToAwsAuth(facts, `${how}, in ${says}.`, personEntry(principal, group));
  return { ...fix, actions: [...(fix.actions ?? []), ...actions] };
}

/**
 * Adds an entry to a section, or creates the ConfigMap if it is known not to exist; if no program can do it, shows the entry. No
 * patch is printed for a section that is not completely known, since it would remove the unknown part.
 */
export function addToAwsAuth(
  { evidence }: Pick<Facts, "evidence">,
  description: string,
  { section, ...entry }: EntryText & { readonly section: SectionKey },
): Fix {
  const alone = newEntry(entry, section);
  if (isExcerpt(evidence, "awsAuth") || knownValue(evidence.awsAuth) === undefined)
    return editAwsAuth(description, alone);
  if (evidence.awsAuth === null) return createAwsAuth(description, { [section]: alone });
  const whole = addToSection(awsAuthTexts(evidence.awsAuth)[section] ?? "", entry, section);
  return whole === undefined
    ? editAwsAuth(description, alone)
    : patchAwsAuth(description, { [section]: whole }, { resourceVersion: versionOf(evidence), text: alone });
}

export function createAwsAuth(description: string, data: Readonly<Record<string, string>>): Fix {
  const metadata = { name: "aws-auth", namespace: "kube-system" };
  return forClusterAdmin(
    `${description} Save the ConfigMap as aws-auth.yaml. Nodes without an access entry need mappings in it, too.`,
    kubectl("apply", { f: "aws-auth.yaml" }),
    documentOf(yaml({ apiVersion: "v1", kind: "ConfigMap", metadata, data })),
  );
}

/** The entry that maps a principal to a group. */
export function personEntry({ canonicalArn, kind, name }: AwsPrincipal, group: string) {
  const isRole = kind === "role";
  return {
    section: isRole ? ("mapRoles" as const) : ("mapUsers" as const),
    arn: canonicalArn,
    username: isRole ? `${name}:{{SessionName}}` : name,
    groups: [group],
  };
}

/** For changes that no program can make: saves the old ConfigMap, and opens it in an editor. */
export function editAwsAuth(description: string, text?: string): Fix {
  return forClusterAdmin(
    `${description} The first command saves the current ConfigMap.`,
    SAVE_AWS_AUTH,
    onAwsAuth("edit"),
    ...(text === undefined ? [] : [documentOf(text)]),
  );
}

/** Whether a command opens aws-auth in an editor. */
export function isAwsAuthEdit({ program, verb, operands }: Run): boolean {
  return [program, ...verb, ...operands].join(" ") === "kubectl edit configmap aws-auth";
}

export function onAwsAuth(verb: string, options: Options = {}): Run {
  return kubectl(`${verb} configmap`, { n: "kube-system", ...options }, "aws-auth");
}
