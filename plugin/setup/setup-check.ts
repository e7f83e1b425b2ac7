import { reasonOf } from "../../token/errors/errors.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import { isSameIdentity } from "../../token/kubeconfig/identity.ts";
import { readChosenKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import { askAwsToken } from "../aws/ask-aws.ts";
import { calledCluster, clusterAddress } from "../cluster/cluster-address.ts";
import type { ClusterAccess, KubernetesIdentity } from "../cluster/cluster-api.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import { questionOf } from "../commands/whoami.run.ts";
import { withProgress } from "../terminal/progress.ts";
import { vouchContexts } from "../vouch/vouch-contexts.ts";
import { askToken } from "../vouch/vouch-credentials.ts";
import type { Desk } from "../workplace/workplace.ts";
import type { FoundSetup } from "./eks-entries.ts";
import type { EksSetup } from "./eks-setup.ts";
import type { SetupIdentity } from "./identity.ts";

/**
 * Whether a context that was written works: when its token expires (epoch milliseconds) and who the cluster says we are, or why
 * not.
 */
export type SetupCheck =
  | { readonly expires: number; readonly cluster: KubernetesIdentity | { readonly problem: string } }
  | { readonly problem: string };

/** Mints a token for a context as kubectl will, and asks the API server who that is. The next kubectl finds the token in the cache. */
export async function checkSetup(
  desk: Desk,
  { setups, context, kubeconfig }: Written,
): Promise<SetupCheck | undefined> {
  if (context === undefined) return undefined;
  const { source, clusterArn } = context;
  const setup = setups.find(({ identity }) => isSameIdentity(identity.source, source));
  const cluster = setup?.found.clusters.find(({ arn }) => arn === clusterArn);
  if (setup === undefined || cluster === undefined || isUsedElsewhere(setup.identity)) return undefined;
  try {
    return await withProgress(desk.app, `Connecting to cluster ${cluster.name}…`, async () => {
      const { name, id: clusterId, region } = cluster;
      const { token } = await mint(desk, setup.identity, { cluster: name, clusterId, region });
      const known = await whoIsThere(desk, { context: context.context, kubeconfig, token: token.token });
      return { expires: token.expires, cluster: known };
    });
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

/** Whether the credentials of the context are on other machines. */
function isUsedElsewhere({ access, open }: SetupIdentity): boolean {
  return access === undefined && open === undefined;
}

interface Written {
  readonly setups: readonly FoundSetup[];
  /** The one to check. */
  readonly context: EksSetup | undefined;
  readonly kubeconfig: string | undefined;
}

async function whoIsThere(
  desk: Desk,
  { context: name, kubeconfig, token }: Pick<ClusterAccess, "context" | "kubeconfig" | "token">,
): Promise<KubernetesIdentity | { readonly problem: string }> {
  try {
    const view = readChosenKubeconfigs(desk.app, kubeconfig);
    const context = vouchContexts(view).find((candidate) => candidate.name === name);
    if (context === undefined) return { problem: `Context ${name} not found in the kubeconfig.` };
    const address = clusterAddress(view, context);
    await requireRecordedCluster(desk, questionOf(desk, context, { kubeconfig }), calledCluster(address));
    const { clusterApi } = await import("../cluster/cluster-api.ts");
    return await clusterApi({ context: name, kubeconfig, token, env: desk.app.env, ...address }).whoami();
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function mint(
  desk: Desk,
  { source, access, open }: SetupIdentity,
  place: Pick<VouchQuestion, "cluster" | "clusterId" | "region">,
): Promise<Minted> {
  const { app } = desk;
  const askerId = app.processId;
  if (source.kind !== "vouch") {
    const { profile, role, via, sessionName } = source;
    const question = { ...place, profile, role, via, sessionName };
    const opened = await open?.(place.region);
    return askAwsToken(desk, question, { askerId, ...(opened && { opened }) });
  }
  if (access === undefined) throw new Error("setting up a Vouch context requires a session");
  const { role, via, server, account } = source;
  return askToken(app, access, { ...place, role, via, server, account }, askerId);
}
