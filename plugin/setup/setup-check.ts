import { reasonOf } from "../../token/errors/errors.ts";
import { isSameSource } from "../../token/kubeconfig/context-source.ts";
import type { App } from "../app.ts";
import { askSourceToken } from "../aws/ask-source.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { withProgress } from "../terminal/progress.ts";
import { askToken } from "../vouch/ask-aws.ts";
import type { FoundSetup } from "./eks-entries.ts";
import type { EksSetup } from "./eks-setup.ts";
import type { SetupIdentity } from "./identity.ts";

/** Whether a token can be had for what was written: until when it lives (epoch milliseconds), or why not. */
export type MintCheck = { readonly expires: number } | { readonly problem: string };

/** Mints a token for a context as kubectl will; the next kubectl finds it in the cache. */
export async function checkMint(
  app: App,
  setups: readonly FoundSetup[],
  context: EksSetup | undefined,
): Promise<MintCheck | undefined> {
  if (context === undefined) return undefined;
  const { source, clusterArn } = context;
  const setup = setups.find(({ identity }) => isSameSource(identity.source, source));
  const cluster = setup?.found.clusters.find(({ arn }) => arn === clusterArn);
  if (setup === undefined || cluster === undefined) return undefined;
  try {
    const { token } = await withProgress(app, `Minting a token for ${cluster.name}…`, () =>
      mint(app, setup.identity, cluster),
    );
    return { expires: token.expires };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function mint(app: App, { source, access }: SetupIdentity, { name: cluster, region }: ClusterFacts) {
  const { via } = source;
  if (source.kind !== "vouch") {
    const profile = source.kind === "profile" ? source.profile : null;
    const question = { cluster, region, profile, role: source.role ?? null, via };
    return askSourceToken(app, question, { askerId: app.processId });
  }
  if (access === undefined) throw new RangeError("a context of Vouch has a session");
  const { role, server, account = null } = source;
  return askToken(app, access, { cluster, region, role, via, server, account }, app.processId);
}
