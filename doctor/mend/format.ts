import type { Mend } from "../rule.ts";
import type { FixFormat } from "./fix-format.ts";
import { ackManifest, bindingManifest, eksctlFile } from "./manifests.ts";
import { type BindingStep, type EntryStep, type PolicyStep, type Step, stepOf } from "./mend-steps.ts";
import { terraformResources } from "./terraform.ts";

/** All but the form in which the rules write. */
type ToolFormat = Exclude<FixFormat, "aws">;

type Command = readonly string[];

/**
 * Mends in the form of a tool, those that it can do first; as the rules wrote them, in their order, for `aws`. A step
 * that the tool cannot do stays as it is; a mend that it can do nothing for is marked so.
 */
export function formatMends(mends: readonly Mend[], format: FixFormat): readonly Mend[] {
  if (format === "aws") return mends;
  const formatted = mends.map((mend) => ({ mend: formatMend(mend, format), isOwn: isFor(mend, format) }));
  return [...formatted.filter(({ isOwn }) => isOwn), ...formatted.filter(({ isOwn }) => !isOwn)].map(
    ({ mend }) => mend,
  );
}

/** Whether the tool does at least one step of a mend. */
function isFor(mend: Mend, format: ToolFormat): boolean {
  if (format === "kubectl") return mend.commands?.some(([program]) => program === format) === true;
  return mend.text === undefined && writtenBy(format, stepsOf(mend)) !== undefined;
}

function formatMend(mend: Mend, format: ToolFormat): Mend {
  if (format === "kubectl" || mend.commands === undefined) return mend;
  const steps = stepsOf(mend);
  const written = mend.text === undefined ? writtenBy(format, steps) : undefined;
  if (written !== undefined) return { ...mend, ...written };
  const isManifest = format === "manifest" && mend.text !== undefined;
  const isAccess = steps.some(({ kind }) => kind !== "other");
  return isManifest || !isAccess
    ? mend
    : { ...mend, does: `${mend.does} (There is no ${NAMES[format]} for it.)` };
}

const NAMES = { eksctl: "command of eksctl", terraform: "Terraform resource", manifest: "manifest" };

function stepsOf({ commands = [] }: Mend): readonly Step[] {
  return commands.map(stepOf);
}

function writtenBy(
  format: "eksctl" | "terraform" | "manifest",
  steps: readonly Step[],
): Pick<Mend, "commands" | "text"> | undefined {
  switch (format) {
    case "eksctl":
      return forEksctl(steps);
    case "terraform":
      return forTerraform(steps);
    case "manifest":
      return forManifest(steps);
  }
}

/** eksctl makes entries with their policies, deletes entries, and changes the mode; it cannot edit an entry. */
function forEksctl(steps: readonly Step[]): Pick<Mend, "commands" | "text"> | undefined {
  const entry = steps.find((step) => step.kind === "create-entry");
  const canAll =
    entry !== undefined || steps.some(({ kind }) => kind === "set-mode" || kind === "delete-entry");
  if (!canAll) return undefined;
  const commands = steps.flatMap((step): readonly Command[] => {
    switch (step.kind) {
      case "set-mode":
        return [[...eksctl("utils", "update-authentication-mode", step), "--authentication-mode", step.mode]];
      case "delete-entry":
        return [[...eksctl("delete", "accessentry", step), "--principal-arn", step.principalArn]];
      case "create-entry":
        return [["eksctl", "create", "accessentry", "-f", "accessentry.yaml"]];
      case "associate":
        return step.principalArn === entry?.principalArn ? [] : [step.words];
      default:
        return [step.words];
    }
  });
  return entry === undefined ? { commands } : { commands, text: eksctlFile(entry, policiesOf(entry, steps)) };
}

function eksctl(
  verb: string,
  object: string,
  { cluster, region }: { cluster: string; region: string | undefined },
) {
  return [
    "eksctl",
    verb,
    object,
    "--cluster",
    cluster,
    ...(region === undefined ? [] : ["--region", region]),
  ];
}

/** Entries, policies and bindings become resources; what must be done before or after stays a command. */
function forTerraform(steps: readonly Step[]): Pick<Mend, "commands" | "text"> | undefined {
  const resources = steps.filter(isResource);
  if (resources.length === 0) return undefined;
  return {
    commands: replaced(steps, isResource, ["terraform", "apply"]),
    text: terraformResources(resources),
  };
}

/** Bindings, and new entries for AWS's own controller. */
function forManifest(steps: readonly Step[]): Pick<Mend, "commands" | "text"> | undefined {
  const entries = steps.filter((step) => step.kind === "create-entry");
  const bindings = steps.filter((step) => step.kind === "bind");
  const documents = [
    ...entries.map((entry) => ackManifest(entry, policiesOf(entry, steps))),
    ...bindings.map(bindingManifest),
  ];
  if (documents.length === 0) return undefined;
  const made = new Set(entries.map(({ principalArn }) => principalArn));
  const isIn = (step: Step) =>
    step.kind === "create-entry" ||
    step.kind === "bind" ||
    (step.kind === "associate" && made.has(step.principalArn));
  return {
    commands: replaced(steps, isIn, ["kubectl", "apply", "-f", "access.yaml"]),
    text: documents.join("---\n"),
  };
}

function isResource(step: Step): step is Step & (EntryStep | PolicyStep | BindingStep) {
  return step.kind === "create-entry" || step.kind === "associate" || step.kind === "bind";
}

/** The commands, with one in the place of the first of those that it does, and without the others. */
function replaced(
  steps: readonly Step[],
  isDone: (step: Step) => boolean,
  command: Command,
): readonly Command[] {
  const first = steps.findIndex(isDone);
  return steps.flatMap((step, index) => {
    if (index === first) return [command];
    return isDone(step) ? [] : [step.words];
  });
}

function policiesOf({ principalArn }: EntryStep, steps: readonly Step[]): readonly PolicyStep[] {
  return steps
    .filter((step) => step.kind === "associate")
    .filter((step) => step.principalArn === principalArn);
}
