import { reasonOf } from "../../token/errors/errors.ts";
import type { Question } from "../../token/hot/question.ts";
import { isSameSource } from "../../token/kubeconfig/context-source.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import type { App } from "../app.ts";
import { askSourceToken } from "../aws/ask-source.ts";
import { withProgress } from "../terminal/progress.ts";
import { askToken } from "../vouch/ask-aws.ts";
import type { FoundSetup } from "./eks-entries.ts";
import type { EksSetup } from "./eks-setup.ts";
import type { SetupIdentity } from "./identity.ts";

/** Whether a token can be minted for what was written: when it expires (epoch milliseconds), or why not. */
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
      mint(app, setup.identity, { cluster: cluster.name, region: cluster.region }),
    );
    return { expires: token.expires };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function mint(
  app: App,
  { source, access, open }: SetupIdentity,
  place: Pick<Question, "cluster" | "region">,
): Promise<Minted> {
  const askerId = app.processId;
  if (source.kind !== "vouch") {
    const profile = source.kind === "profile" ? source.profile : null;
    const question = { ...place, profile, role: source.role ?? null, via: source.via };
    const opened = await open?.(place.region);
    return askSourceToken(app, question, { askerId, ...(opened && { opened }) });
  }
  if (access === undefined) throw new Error("a context of Vouch is set up with a session");
  const { role, via, server, account = null } = source;
  return askToken(app, access, { ...place, role, via, server, account }, askerId);
}
