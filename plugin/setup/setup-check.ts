import { reasonOf } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { withProgress } from "../terminal/progress.ts";
import { askToken } from "../vouch/ask-aws.ts";
import type { SetupIdentity } from "./setup-clusters.ts";

/** Whether a token can be had for what was written: until when it lives (epoch milliseconds), or why not. */
export type MintCheck = { readonly expires: number } | { readonly problem: string };

/** Mints a token for the cluster as kubectl will; the next kubectl finds it in the cache. */
export async function checkMint(
  app: App,
  identity: SetupIdentity,
  cluster: ClusterFacts | undefined,
): Promise<MintCheck | undefined> {
  if (cluster === undefined) return undefined;
  const { role, via, server, account, access } = identity;
  const question = { role, via, server, account, region: cluster.region, cluster: cluster.name };
  try {
    const { token } = await withProgress(app, `Minting a token for ${cluster.name}…`, () =>
      askToken(app, access, question, app.processId),
    );
    return { expires: token.expires };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}
