import type { OtherContext } from "../../../doctor/doctor.ts";
import { ours, type Run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { unlessThrown, VouchError } from "../../../token/errors/errors.ts";
import { execStanza } from "../../../token/kubeconfig/exec-stanza.ts";
import {
  kubeconfigPaths,
  namedKubeconfig,
  readChosenKubeconfigs,
  readKubeconfigs,
} from "../../../token/kubeconfig/kubeconfig-files.ts";
import { type KubeconfigView, ownedCluster } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { shellGlobCovers } from "../../../token/text/glob.ts";
import { shortList } from "../../../token/text/short-list.ts";
import type { App } from "../../app.ts";

/** Programs that give tokens for EKS. */
const EKS_PROGRAMS = ["kubectl-vouch", "vouch", "aws", "aws-iam-authenticator"];

/** The contexts to check, and those of other kinds of clusters. */
interface FleetContexts {
  readonly names: readonly string[];
  readonly skipped: readonly OtherContext[];
}

/**
 * All contexts whose names match, divided by whether their clusters are EKS, as far as the kubeconfig tells. Throws
 * `context-missing` if none matches, or the kubeconfig has none of EKS, `file-unreadable` if the named kubeconfig does not exist,
 * and `context-not-eks` if none that matches is one of EKS.
 */
export function fleetContexts(
  app: App,
  { kubeconfig, match }: { readonly kubeconfig: string | undefined; readonly match: string | undefined },
): FleetContexts {
  const view = readChosenKubeconfigs(app, kubeconfig);
  const all = [...view.entries.contexts.keys()];
  const chosen = all.filter((name) => match === undefined || shellGlobCovers(match, name));
  const [first] = all;
  if (match !== undefined && chosen.length === 0 && first !== undefined) {
    throw new VouchError(
      "context-missing",
      `No context name matches ${match}. Contexts: ${shortList(all)}.`,
      {
        hint: `Use a different pattern, in quotes so that your shell does not expand it: --match '${first.slice(0, 2)}*'`,
      },
    );
  }
  const names = chosen.filter((name) => isEks(view, name));
  const skipped = chosen
    .filter((name) => !isEks(view, name))
    .map((context) => ({ context, why: otherReason(view, context) }));
  if (names.length > 0) return { names, skipped };
  if (match === undefined || skipped.length === 0) {
    throw new VouchError("context-missing", "The kubeconfig does not have a context for an EKS cluster.", {
      hint: withCommands`Create one: ${setUp(kubeconfig)}.`,
    });
  }
  const others = skipped.map(({ context, why }) => why.replace(/^it is/, `${context} is`));
  throw new VouchError(
    "context-not-eks",
    `No context that matches ${match} is for an EKS cluster: ${others.join("; ")}.`,
  );
}

function setUp(kubeconfig: string | undefined): Run {
  return ours("setup eks", { cluster: "NAME", kubeconfig: namedKubeconfig(kubeconfig) });
}

function otherReason(view: KubeconfigView, name: string): string {
  const provider = otherProvider(view, name);
  return provider === undefined
    ? "nothing in the kubeconfig indicates an EKS cluster"
    : `it is for ${provider}`;
}

/** The namespace of the context; `default` when it names none, or the kubeconfig cannot be read. */
export function contextNamespace(
  app: App,
  { kubeconfig, context }: { readonly kubeconfig: string | undefined; readonly context: string | undefined },
): string {
  const view = unlessThrown(() => readKubeconfigs(kubeconfigPaths(app, kubeconfig)), undefined);
  const name = context ?? view?.currentContext?.name ?? "";
  const namespace = view?.entries.contexts.get(name)?.body["namespace"];
  return typeof namespace === "string" && namespace !== "" ? namespace : "default";
}

function isEks({ entries }: KubeconfigView, name: string): boolean {
  const context = entries.contexts.get(name)?.body ?? {};
  const { cluster, user } = context;
  const exec = execStanza(entries.users.get(String(user))?.body ?? {});
  const server = entries.clusters.get(String(cluster))?.body["server"];
  return (
    ownedCluster(context) !== undefined ||
    (exec !== undefined && EKS_PROGRAMS.includes(exec.program)) ||
    (typeof server === "string" && /\.eks\.|\.api\.aws(?:[:/]|$)/.test(server))
  );
}

/** Programs that give tokens for other clouds. */
const OTHER_PROGRAMS: Readonly<Record<string, string>> = {
  "gke-gcloud-auth-plugin": "a GKE cluster",
  kubelogin: "an AKS cluster",
  doctl: "a DigitalOcean cluster",
  oci: "an OKE cluster",
};

/** Names that tools give the contexts of clusters on this machine. */
const LOCAL_CONTEXT = /^(?:kind-.+|k3d-.+|minikube|docker-desktop|rancher-desktop|colima|orbstack)$/;

/**
 * Throws `context-not-eks` if the kubeconfig shows that the context's cluster is another provider's: AWS knows nothing about it.
 * Does not throw if the kubeconfig does not tell.
 */
export function requireEks(
  app: App,
  { kubeconfig, context }: { readonly kubeconfig: string | undefined; readonly context: string | undefined },
): void {
  // A kubeconfig that cannot be read is a finding of its own.
  const view = unlessThrown(() => readKubeconfigs(kubeconfigPaths(app, kubeconfig)), undefined);
  const name = context ?? view?.currentContext?.name;
  if (view === undefined || name === undefined || isEks(view, name)) return;
  const provider = otherProvider(view, name);
  if (provider === undefined) return;
  const [other] = [...view.entries.contexts.keys()].filter((each) => isEks(view, each));
  throw new VouchError(
    "context-not-eks",
    `Context ${name} is for ${provider}; the doctor supports only EKS.`,
    {
      hint:
        other === undefined
          ? withCommands`Create a context for an EKS cluster: ${setUp(kubeconfig)}.`
          : withCommands`Specify a context for an EKS cluster: ${ours("doctor", { context: other, kubeconfig: namedKubeconfig(kubeconfig) })}.`,
    },
  );
}

function otherProvider({ entries }: KubeconfigView, name: string): string | undefined {
  const { cluster, user } = entries.contexts.get(name)?.body ?? {};
  const body = entries.users.get(String(user))?.body ?? {};
  const server = String(entries.clusters.get(String(cluster))?.body["server"] ?? "");
  const program = execStanza(body)?.program ?? "";
  if (OTHER_PROGRAMS[program] !== undefined) return OTHER_PROGRAMS[program];
  if (/\.azmk8s\.io(?:[:/]|$)/.test(server)) return "an AKS cluster";
  const hasCertificate = "client-certificate-data" in body || "client-certificate" in body;
  return hasCertificate && LOCAL_CONTEXT.test(name) ? "a cluster on this machine" : undefined;
}
