import { reasonOf } from "../../token/errors/errors.ts";
import { mintToken } from "../../token/mint/mint-token.ts";
import { tokenRequest } from "../../token/mint/token-request.ts";
import type { App } from "../app.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { withProgress } from "../terminal/progress.ts";
import { exchangeParties } from "../vouch/vouch-access.ts";
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
  const { server, entry, access, role, via, account } = identity;
  const question = {
    cluster: cluster.name,
    region: cluster.region,
    role,
    via,
    server: server.base,
    account: account ?? null,
  };
  try {
    const { token } = await withProgress(app, `Minting a token for ${cluster.name}…`, () =>
      mintToken(tokenRequest(question, entry, app.env), {
        place: access.place,
        parties: exchangeParties(app, access, cluster.region),
        now: app.clock,
        parentId: app.processId,
        signal: app.signal,
      }),
    );
    return { expires: token.expires };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}
