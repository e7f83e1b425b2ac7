type Command = readonly string[];

/** Where a command works. */
interface Place {
  readonly cluster: string;
  readonly region: string | undefined;
}

/** A policy of an entry. */
export interface PolicyStep extends Place {
  readonly kind: "associate";
  readonly principalArn: string;
  readonly policyArn: string;
  readonly scope: { readonly type: string; readonly namespaces?: readonly string[] };
}

/** A new entry. */
export interface EntryStep extends Place {
  readonly kind: "create-entry";
  readonly principalArn: string;
  readonly groups: readonly string[];
  readonly username: string | undefined;
  readonly type: string | undefined;
}

/** A new binding. */
export interface BindingStep {
  readonly kind: "bind";
  readonly name: string;
  readonly namespace: string | undefined;
  readonly role: { readonly kind: "Role" | "ClusterRole"; readonly name: string };
  readonly subject: { readonly kind: "User" | "Group"; readonly name: string };
}

/** What one command of a mend does, as far as another tool can do it too. */
export type Step = { readonly words: Command } & (
  | EntryStep
  | PolicyStep
  | BindingStep
  | (Place & { readonly kind: "delete-entry"; readonly principalArn: string })
  | (Place & { readonly kind: "set-mode"; readonly mode: string })
  | { readonly kind: "other" }
);

/** Reads the commands that our rules write; others are `other`. */
export function stepOf(words: Command): Step {
  const [program, service, operation] = words;
  if (program === "aws" && service === "eks") return { words, ...(eksStep(operation ?? "", words) ?? OTHER) };
  if (program === "kubectl") return { words, ...(bindingStep(words) ?? OTHER) };
  return { words, ...OTHER };
}

const OTHER = { kind: "other" } as const;

function eksStep(operation: string, words: Command) {
  const value = (flag: string) => values(words, flag)[0];
  const cluster = value("--cluster-name") ?? value("--name");
  const principalArn = value("--principal-arn");
  if (cluster === undefined) return undefined;
  const place = { cluster, region: value("--region") };
  const mode = /^authenticationMode=(\w+)$/.exec(value("--access-config") ?? "")?.[1];
  if (operation === "update-cluster-config" && mode !== undefined) {
    return { kind: "set-mode", ...place, mode } as const;
  }
  if (principalArn === undefined) return undefined;
  const target = { ...place, principalArn };
  switch (operation) {
    case "create-access-entry":
      return {
        kind: "create-entry",
        ...target,
        groups: values(words, "--kubernetes-groups"),
        username: value("--username"),
        type: value("--type"),
      } as const;
    case "associate-access-policy":
      return {
        kind: "associate",
        ...target,
        policyArn: value("--policy-arn") ?? "POLICY_ARN",
        scope: scopeOf(value("--access-scope") ?? ""),
      } as const;
    case "delete-access-entry":
      return { kind: "delete-entry", ...target } as const;
    default:
      return undefined;
  }
}

/** `type=namespace,namespaces=web,team-*` */
function scopeOf(text: string): PolicyStep["scope"] {
  const [, type = "SCOPE", list] = /^type=(\w+)(?:,namespaces=(.*))?$/.exec(text) ?? [];
  return list === undefined ? { type } : { type, namespaces: list.split(",") };
}

function bindingStep(words: Command): BindingStep | undefined {
  const at = words.findIndex((word) => word === "rolebinding" || word === "clusterrolebinding");
  const name = words[at + 1];
  if (at < 1 || words[at - 1] !== "create" || name === undefined) return undefined;
  const flag = (flagName: string) =>
    words
      .find((word) => word.startsWith(`--${flagName}=`))
      ?.split("=")
      .slice(1)
      .join("=");
  const [role, clusterRole] = [flag("role"), flag("clusterrole")];
  const [user, group] = [flag("user"), flag("group")];
  const roleName = clusterRole ?? role;
  const subject = group ?? user;
  if (roleName === undefined || subject === undefined) return undefined;
  return {
    kind: "bind",
    name,
    namespace: values(words, "-n")[0],
    role: { kind: clusterRole === undefined ? "Role" : "ClusterRole", name: roleName },
    subject: { kind: group === undefined ? "User" : "Group", name: subject },
  };
}

/** The words after a flag, up to the next one. */
function values(words: Command, flag: string): readonly string[] {
  const from = words.indexOf(flag);
  if (from === -1) return [];
  const rest = words.slice(from + 1);
  const end = rest.findIndex((word) => word.startsWith("-"));
  return end === -1 ? rest : rest.slice(0, end);
}
