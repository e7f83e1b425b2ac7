import { type Command, kubectl, run } from "../../token/command/command.ts";
import { sentence } from "../../token/command/sentence.ts";
import {
  type Action,
  type AssociateAccessPolicy,
  type CreateAccessEntry,
  type Document,
  documentOf,
  type Fix,
} from "./fix.ts";
import type { FixFormat } from "./fix-format.ts";
import { ackManifest, bindingManifest, eksctlFile } from "./manifests.ts";
import { commandsOf, waitForCluster } from "./render-fix.ts";
import { type Resource, terraformResources } from "./terraform.ts";

/** Every format except the one in which the rules write fixes. */
type ToolFormat = Exclude<FixFormat, "aws">;

/**
 * Fixes in the form of a tool, first those that it can carry out; for `aws` unchanged, as the rules wrote them and in their
 * order. An action that the tool cannot do stays as it is; a fix of which it can do nothing says so.
 */
export function formatFixes(fixes: readonly Fix[], format: FixFormat): readonly Fix[] {
  if (format === "aws") return fixes;
  const formatted = fixes.map((fix) => ({ fix: formatFix(fix, format), isOwn: isFor(fix, format) }));
  return [...formatted.filter(({ isOwn }) => isOwn), ...formatted.filter(({ isOwn }) => !isOwn)].map(
    ({ fix }) => fix,
  );
}

/** Whether the tool can do at least one action of a fix. */
function isFor(fix: Fix, format: ToolFormat): boolean {
  return format === "kubectl" ? actionsOf(fix).some(isForKubectl) : written(fix, format) !== undefined;
}

function isForKubectl(action: Action): boolean {
  return (
    action.kind !== "document" &&
    commandsOf(action).some((command) => command.kind === "run" && command.program === "kubectl")
  );
}

function formatFix(fix: Fix, format: ToolFormat): Fix {
  if (format === "kubectl") return fix;
  const actions = written(fix, format);
  if (actions !== undefined) return { ...fix, actions };
  const isManifest = format === "manifest" && hasDocument(fix);
  const isAccess = actionsOf(fix).some(({ kind }) => ACCESS_KINDS.has(kind));
  return isManifest || !isAccess
    ? fix
    : { ...fix, description: sentence`${fix.description} (Not available as ${NAMES[format]}.)` };
}

const NAMES = { eksctl: "an eksctl command", terraform: "a Terraform resource", manifest: "a manifest" };

/** Actions about access, which a tool for access may support. */
const ACCESS_KINDS: ReadonlySet<Action["kind"]> = new Set([
  "set-authentication-mode",
  "create-access-entry",
  "associate-access-policy",
  "delete-access-entry",
  "create-binding",
]);

function actionsOf({ actions = [] }: Fix): readonly Action[] {
  return actions;
}

function hasDocument({ actions = [] }: Fix): boolean {
  return actions.some(({ kind }) => kind === "document");
}

/** The actions in the form of the tool; undefined if it can do none of them, or if the fix already has a text of its own. */
function written(fix: Fix, format: "eksctl" | "terraform" | "manifest"): readonly Action[] | undefined {
  if (hasDocument(fix)) return undefined;
  switch (format) {
    case "eksctl":
      return forEksctl(actionsOf(fix));
    case "terraform":
      return forTerraform(actionsOf(fix));
    case "manifest":
      return forManifest(actionsOf(fix));
  }
}

/** eksctl creates entries with their policies, deletes entries, and changes the mode; it cannot change an entry. */
function forEksctl(actions: readonly Action[]): readonly Action[] | undefined {
  const entry = actions.find((action) => action.kind === "create-access-entry");
  const isOwn = ({ kind }: Action) =>
    kind === "create-access-entry" || kind === "set-authentication-mode" || kind === "delete-access-entry";
  if (!actions.some(isOwn)) return undefined;
  const commands = actions.flatMap((action): readonly Action[] => {
    switch (action.kind) {
      case "set-authentication-mode":
        return [
          eksctl("utils update-authentication-mode", action, {
            "authentication-mode": action.authenticationMode,
          }),
          waitForCluster(action),
        ];
      case "delete-access-entry":
        return [eksctl("delete accessentry", action, { "principal-arn": action.principalArn })];
      case "create-access-entry":
        return [run("eksctl", "create accessentry", { f: "accessentry.yaml" })];
      case "associate-access-policy":
        return action.principalArn === entry?.principalArn ? [] : [action];
      default:
        return [action];
    }
  });
  return entry === undefined
    ? commands
    : [...commands, documentOf(eksctlFile(entry, policiesOf(entry, actions)))];
}

function eksctl(
  verb: string,
  { target: { cluster, region } }: Pick<CreateAccessEntry, "target">,
  more: Readonly<Record<string, string>>,
): Command {
  return run("eksctl", verb, { cluster, region, ...more });
}

/** Entries, policies and bindings become resources; what must be done before or after them stays a command. */
function forTerraform(actions: readonly Action[]): readonly Action[] | undefined {
  const resources = actions.filter(isResource);
  if (resources.length === 0) return undefined;
  return withOne(actions, isResource, run("terraform", "apply"), documentOf(terraformResources(resources)));
}

/** Manifests for bindings, and for new entries by AWS's controller. */
function forManifest(actions: readonly Action[]): readonly Action[] | undefined {
  const entries = actions.filter((action) => action.kind === "create-access-entry");
  const bindings = actions.filter((action) => action.kind === "create-binding");
  const documents = [
    ...entries.map((entry) => ackManifest(entry, policiesOf(entry, actions))),
    ...bindings.map(bindingManifest),
  ];
  if (documents.length === 0) return undefined;
  const created = new Set(entries.map(({ principalArn }) => principalArn));
  const isIn = (action: Action) =>
    action.kind === "create-access-entry" ||
    action.kind === "create-binding" ||
    (action.kind === "associate-access-policy" && created.has(action.principalArn));
  return withOne(actions, isIn, kubectl("apply", { f: "access.yaml" }), documentOf(documents.join("---\n")));
}

function isResource(action: Action): action is Resource {
  return (
    action.kind === "create-access-entry" ||
    action.kind === "associate-access-policy" ||
    action.kind === "create-binding"
  );
}

/** The actions, with one command in place of all those that it covers, at the position of the first of these, and its file. */
function withOne(
  actions: readonly Action[],
  isDone: (action: Action) => boolean,
  command: Command,
  file: Document,
): readonly Action[] {
  const first = actions.findIndex(isDone);
  const left = actions.flatMap((action, index) => {
    if (index === first) return [command];
    return isDone(action) ? [] : [action];
  });
  return [...left, file];
}

function policiesOf(
  { principalArn }: CreateAccessEntry,
  actions: readonly Action[],
): readonly AssociateAccessPolicy[] {
  return actions
    .filter((action) => action.kind === "associate-access-policy")
    .filter((action) => action.principalArn === principalArn);
}
