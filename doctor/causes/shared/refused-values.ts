import { kubectl } from "../../../token/command/command.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { REFUSED_VALUES } from "../../derive/failure/symptom-words.ts";
import { type Action, type Fix, forYou } from "../../fixes/fix.ts";
import { CERTIFICATE_FIELDS, IMPERSONATION_FIELDS, withoutFields } from "../../fixes/kubeconfig-commands.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";

const FILE_GONE =
  "Correct the path or the file's permissions, or embed its content in the kubeconfig (…-data).";

/** What to do about each, in words. */
const ADVICE: Readonly<Record<keyof typeof REFUSED_VALUES, string>> = {
  twice: "Keep only one of the two.",
  unreadable: FILE_GONE,
  keyless: "Add the certificate's key, or remove the certificate.",
  pem: "Set the field to the complete PEM text in base64, or reference a file that contains it.",
  exec: "Complete the exec block.",
  methods: "Keep only one: the token, or the username and password.",
  impersonation: "Also set the user to impersonate (as), or remove as-groups, as-uid, and as-user-extra.",
  namespace: "Use a valid namespace name: lowercase letters, digits, and hyphens.",
  proxy: "Set the proxy in the form http://HOST:PORT, https://…, or socks5://…, or remove proxy-url.",
  insecure:
    "Remove insecure-skip-tls-verify from the cluster's entry and from the command line, so that the certificate is verified.",
  bundle: FILE_GONE,
  tokenFile: "Write a token to the file, or remove tokenFile: an exec block fetches fresh tokens.",
  server: "Set the cluster's server to https://HOST, as DescribeCluster returns it.",
  both: "Remove auth-provider from the user: the exec block replaces it.",
  provider: "Rewrite the user entry: EKS needs an exec block, not an auth-provider.",
};

/** A client's message about an invalid value. */
export interface Refusal {
  readonly kind: keyof typeof REFUSED_VALUES | undefined;
  readonly words: QuotedMatch;
  readonly advice: string;
  /** True: EKS does not need an entry of this kind, so it is rewritten. */
  readonly isRewritten: boolean;
}

/** The first such message in a text; a file that cannot be opened counts if the context refers to it. */
export function refusedValue(text: string, { context }: Pick<Facts, "context">): Refusal | undefined {
  for (const kind of Object.keys(ADVICE) as (keyof typeof ADVICE)[]) {
    const words = matchInError(text, REFUSED_VALUES[kind]);
    if (words !== undefined) return { kind, words, advice: ADVICE[kind], isRewritten: kind === "provider" };
  }
  const words = matchInError(text, NOT_OPENED);
  const { file } = words?.match.groups ?? {};
  const fields: Readonly<Record<string, unknown>> = { ...context?.cluster?.body, ...context?.user?.body };
  const isNamed = file !== undefined && FILE_FIELDS.some((field) => fields[field] === file);
  return words !== undefined && isNamed
    ? { kind: undefined, words, advice: FILE_GONE, isRewritten: false }
    : undefined;
}

const NOT_OPENED =
  /^error: open (?<file>.{1,300}): (?:no such file or directory|permission denied|is a directory)/;

/** Fields of a cluster or a user that refer to a file. Source: client-go, tools/clientcmd/loader.go. */
const FILE_FIELDS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** How to correct the value, in its file if that is known. */
export function correctValue(facts: Facts, { kind, words, advice, isRewritten }: Refusal): Fix[] {
  if (isRewritten) return regenerateEntry(facts, advice);
  if (kind === "unreadable" && words.line.includes(" certificate-authority "))
    return regenerateEntry(facts, `${FILE_GONE} This command writes the cluster's own CA:`, {
      isWhole: true,
    });
  const actions = kind === undefined ? [] : correction(kind, facts);
  if (actions.length > 0)
    return [forYou(OF_CERTIFICATE.has(kind) ? WITHOUT_CERTIFICATE : advice, ...actions)];
  const { user, cluster } = facts.context ?? {};
  const paths = new Set([cluster?.path, user?.path].filter((path) => path !== undefined));
  const [kubeconfig] = paths.size === 1 ? paths : [];
  const view = kubectl("config view", { minify: true, kubeconfig });
  return [forYou(`${advice} This command shows what the client reads.`, view)];
}

const OF_CERTIFICATE: ReadonlySet<Refusal["kind"]> = new Set([
  "keyless",
  "pem",
  "unreadable",
  "twice",
] as const);

/** Next to an exec block, a certificate only keeps kubectl from running the plugin. */
const WITHOUT_CERTIFICATE = "Remove the client certificate; the exec block fetches tokens.";

/** What corrects the value, if its field and the right value are known. */
function correction(
  kind: keyof typeof REFUSED_VALUES,
  { context, clusterEntry, exec }: Pick<Facts, "context" | "clusterEntry" | "exec">,
): readonly Action[] {
  if (context === undefined) return [];
  const { proxyUrl } = clusterEntry ?? {};
  switch (kind) {
    case "proxy":
      return proxyUrl !== undefined && /^[\w.-]+:\d+$/.test(proxyUrl)
        ? [kubectl("config set-cluster", { "proxy-url": `http://${proxyUrl}` }, context.clusterName)]
        : [];
    case "insecure":
      return clusterEntry?.skipsVerification === true
        ? [kubectl("config set-cluster", { "insecure-skip-tls-verify": "false" }, context.clusterName)]
        : [];
    case "impersonation":
      return withoutFields(context, IMPERSONATION_FIELDS);
    case "keyless":
    case "pem":
    case "unreadable":
    case "twice":
      return exec === undefined ? [] : withoutFields(context, CERTIFICATE_FIELDS);
    default:
      return [];
  }
}
