import { reasonOf } from "../../token/errors/errors.ts";
import { isSameSource } from "../../token/kubeconfig/context-source.ts";
import type { App } from "../app.ts";
import { withProgress } from "../terminal/progress.ts";
import { askToken } from "../vouch/ask-aws.ts";
import type { FoundSetup } from "./eks-entries.ts";
import type { EksSetup } from "./eks-setup.ts";

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
  const access = setup?.identity.access;
  if (cluster === undefined || access === undefined || source.kind !== "vouch") return undefined;
  const { role, via, server, account } = source;
  const question = {
    role,
    via,
    server,
    account: account ?? null,
    region: cluster.region,
    cluster: cluster.name,
  };
  try {
    const { token } = await withProgress(app, `Minting a token for ${cluster.name}…`, () =>
      askToken(app, access, question, app.processId),
    );
    return { expires: token.expires };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}
