import { edit, kubectl } from "../../../token/command/command.ts";
import type { PassedOver, Section } from "../../../token/kubeconfig/kubeconfig-document.ts";
import type { KubeconfigReading } from "../../derive/kubeconfig/effective-context.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";

/** kubectl's, helm's and client-go's words for it. Source: plugin/KUBECTL.md, "Words of kubectl". */
export const MISSING_ENTRY = new RegExp(
  [
    "context was not found for specified context: (?<context>\\S+)",
    'context "(?<named>[^"]*)" does not exist',
    'no context exists with the name:? "?(?<wanted>[^"\\s]+)',
    'auth info "(?<user>[^"]*)" does not exist',
    'user "(?<unknownUser>[^"]*)" was not found for context',
    'no server found for cluster "(?<cluster>[^"]*)"',
    'cluster "(?<unknownCluster>[^"]*)" (?:does not exist|was not found for context)',
    '(?<unnamed>user|cluster) was not specified for context "(?<of>[^"]*)"',
    "(?<empty>(?:default )?cluster has no server defined)",
    "empty context name for",
    "(?<asked>Please enter Username)",
  ].join("|"),
);

/** What is missing, by the groups of that pattern. */
export function missingIn(groups: Readonly<Record<string, string | undefined>>) {
  const { context, named, wanted, user, unknownUser, cluster, unknownCluster, unnamed, of, empty } = groups;
  if (unnamed !== undefined)
    return { what: unnamed, name: "", summary: `Context ${of} does not specify a ${unnamed}.` };
  if (empty !== undefined)
    return { what: "cluster", name: "", summary: "The context's cluster does not specify a server." };
  if (groups["asked"] !== undefined)
    return {
      what: "user",
      name: "",
      summary: "The context's user does not have credentials, so kubectl prompts for them.",
    };
  const names = [
    ["user", user ?? unknownUser],
    ["cluster", cluster ?? unknownCluster],
    ["context", context ?? named ?? wanted],
  ] as const;
  const [what, name = ""] = names.find(([, one]) => one !== undefined) ?? ["context"];
  const title = `${what.charAt(0).toUpperCase()}${what.slice(1)}${name === "" ? "" : ` ${name}`}`;
  return { what, name, summary: `${title} not found in the kubeconfig files that the client reads.` };
}

/** A part of a kubeconfig file that kubectl ignores. */
export interface PassedOverPart extends PassedOver {
  readonly path: string;
}

/** The first ignored part with an entry of this name in this section. */
export function passedOverEntry(
  reading: KubeconfigReading | undefined,
  section: Section,
  name: string,
): PassedOverPart | undefined {
  return name === "" ? undefined : partsOf(reading).find(({ holds }) => holds(section, name));
}

/** The first ignored part that contains this key. */
export function passedOverKey(
  reading: KubeconfigReading | undefined,
  key: string,
): PassedOverPart | undefined {
  return partsOf(reading).find(({ gives }) => gives(key));
}

function partsOf(reading: KubeconfigReading | undefined): PassedOverPart[] {
  return (reading?.view?.documents ?? []).flatMap(({ path, passedOver }) =>
    passedOver.map((part) => ({ ...part, path })),
  );
}

export function describePassedOver({ path, why }: PassedOverPart): string {
  return `${path}: ${why}.`;
}

/** How to correct a file so that kubectl reads all of it. No tool does that: they rewrite what they read, and lose the rest. */
export function correctPassedOver({ kind, path, line }: PassedOverPart): Fix {
  return kind === "documents"
    ? forYou(
        "Move everything from that line onward to the first document, or to a separate file listed in KUBECONFIG.",
        edit(path, line),
      )
    : forYou("Merge both under one key, or remove the one that is not intended.", edit(path, line));
}

/** Makes an existing context the current one: the one that fits, or the only one. */
export function switchContext(names: readonly string[], fitting?: string): Fix {
  const [only = "CONTEXT"] = names.length === 1 ? names : [];
  return forYou(
    `Switch to an existing context: ${names.join(", ")}.`,
    kubectl("config use-context", {}, fitting ?? only),
  );
}
