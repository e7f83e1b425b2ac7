import { reasonOf } from "../../token/errors/errors.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import { type Identity, isSameIdentity } from "../../token/kubeconfig/identity.ts";
import { readChosenKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import { askAwsToken } from "../aws/ask-aws.ts";
import { calledCluster, clusterAddress } from "../cluster/cluster-address.ts";
import type { ClusterAccess, KubernetesIdentity } from "../cluster/cluster-api.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import { questionOf } from "../commands/whoami.run.ts";
import { askMfaCode } from "../login/mfa-login.ts";
import { withProgress } from "../terminal/progress.ts";
import { openAccess } from "../vouch/vouch-access.ts";
import { vouchContexts } from "../vouch/vouch-contexts.ts";
import { askToken } from "../vouch/vouch-credentials.ts";
import { Desk } from "../workplace/workplace.ts";
import type { FoundSetup } from "./eks-entries.ts";
import type { EksSetup } from "./eks-setup.ts";
import type { SetupIdentity } from "./setup-identity.ts";

/**
 * Whether a context that was written works: when its token expires (epoch milliseconds) and who the cluster says we are, or why
 * not.
 */
export type SetupCheck =
  | { readonly expires: number; readonly cluster: KubernetesIdentity | { readonly problem: string } }
  | { readonly problem: string };

/** The checks of a context: for the user, and for AI agents where these have a role of their own. */
export interface SetupChecks {
  /** Absent if an agent runs setup, and would not get the user's role from kubectl either. */
  readonly user?: SetupCheck;
  readonly agent?: SetupCheck;
}

/**
 * Mints tokens for a context as kubectl will, and asks the API server whose they are. The user's next kubectl finds theirs in the
 * cache.
 */
export async function checkSetup(desk: Desk, { setups, context, kubeconfig }: Written): Promise<SetupChecks> {
  if (context === undefined) return {};
  const { source, clusterArn, safeguards } = context;
  const setup = setups.find(({ identity }) => isSameIdentity(identity.source, source));
  const cluster = setup?.found.clusters.find(({ arn }) => arn === clusterArn);
  if (setup === undefined || cluster === undefined || isUsedElsewhere(setup.identity)) return {};
  const place = { cluster: cluster.name, clusterId: cluster.id, region: cluster.region };
  const checkBy = async (caller: Desk, mintIt: () => Promise<Minted>): Promise<SetupCheck> => {
    try {
      return await withProgress(desk.app, `Connecting to cluster ${cluster.name}…`, async () => {
        const { token } = await mintIt();
        const known = await whoIsThere(caller, { context: context.context, kubeconfig, token: token.token });
        return { expires: token.expires, cluster: known };
      });
    } catch (error) {
      return { problem: reasonOf(error) };
    }
  };
  const { agentRole } = safeguards;
  const { identity } = setup;
  const forUser = () => checkBy(desk, () => mint(desk, identity.source, place, identity));
  if (agentRole === undefined) return { user: await forUser() };
  const forAgents = asAgent(desk);
  return {
    ...(forAgents === desk ? {} : { user: await forUser() }),
    agent: await checkBy(forAgents, () => mint(forAgents, { ...source, role: agentRole }, place)),
  };
}

/** What an AI agent is given, also where a user runs setup. */
function asAgent(desk: Desk): Desk {
  const { app } = desk;
  if (detectAiAgent((name) => app.env[name]) !== undefined) return desk;
  return new Desk({ ...app, env: { ...app.env, AI_AGENT: "agent" } });
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

/** As kubectl will; what is already open is used, so that the user is not asked again. */
async function mint(
  desk: Desk,
  source: Identity,
  place: Pick<VouchQuestion, "cluster" | "clusterId" | "region">,
  { access, open }: Partial<Pick<SetupIdentity, "access" | "open">> = {},
): Promise<Minted> {
  const { app } = desk;
  const askerId = app.processId;
  if (source.kind === "vouch") {
    const { role, via, server, account } = source;
    const question = { ...place, role, via, server, account };
    return askToken(app, access ?? (await openAccess(desk, question)), question, askerId);
  }
  const { profile, role, via, sessionName } = source;
  const mfaCode = (serial: string) => askMfaCode(app, serial, profile ?? "default");
  const opened = await open?.(place.region);
  const question = { ...place, profile, role, via, sessionName };
  return askAwsToken(desk, question, { askerId, mfaCode, ...(opened && { opened }) });
}
