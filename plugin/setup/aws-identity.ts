import { parseRoleArn } from "../../token/aws/arn.ts";
import { renewalHint, withRenewal } from "../../token/aws/sources/open-source.ts";
import type { OpenPlan } from "../../token/aws/sources/opened-source.ts";
import { canNarrow, partitionOfPlan } from "../../token/aws/sources/plan-kinds.ts";
import { sts } from "../../token/aws/sts.ts";
import type { Run } from "../../token/command/command.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { partitionOfRegion } from "../../token/hot/partition.ts";
import { describeIdentity, type Identity } from "../../token/kubeconfig/identity.ts";
import { openAsked } from "../aws/ask-aws.ts";
import type { ChosenAws } from "../aws/choose-identity.ts";
import { ANY_REGION, contextPlan } from "../aws/context-plan.ts";
import { profileNameOf, settledNow } from "../aws/profile-settings.ts";
import { askMfaCode } from "../login/mfa-login.ts";
import type { Desk } from "../workplace/workplace.ts";
import { agreeToProcess } from "./agree-to-process.ts";
import { type IdentityOptions, MIN_REMAINING_MS, type SetupIdentity } from "./identity.ts";

/**
 * The AWS profile, or the caller, that contexts are set up for: with the hosts and authorities that are named now, and the
 * program it runs, which a person has agreed to. Throws what prevents it.
 */
export async function awsIdentity(
  desk: Desk,
  { source, region }: ChosenAws,
  { options, again }: { readonly options: IdentityOptions; readonly again: Run },
): Promise<SetupIdentity> {
  const { app } = desk;
  for (const arn of source.role === undefined ? [] : [...source.via, source.role]) parseRoleArn(arn);
  const plan = contextPlan(source, region?.value ?? ANY_REGION, desk.aws);
  const name = profileNameOf(source, app);
  const now = settledNow(desk, source);
  const process = await agreeToProcess(app, plan, {
    before: now.process,
    isAgreed: options.approveProcess,
    again,
  });
  const record = { ...now, process };
  const { endpoints } = record;
  const renewal = renewalHint(plan, name.profile);
  const isAgent = detectAiAgent((variable) => app.env[variable]) !== undefined;
  const open = perRegion((asked) =>
    openAsked(
      desk,
      { profile: name.profile, region: asked, role: source.role, via: source.via },
      {
        record,
        keep: !options.dryRun,
        mfaCode: (serial) => askMfaCode(app, serial, source.profile ?? "default"),
      },
    ),
  );
  const wish = { fresh: false, minRemainingMs: MIN_REMAINING_MS };
  const credentials = async (asked: string) => (await open(asked)).credentials(wish);
  return {
    source,
    profile: source.profile,
    partition: partitionOfPlan(plan) ?? (region && partitionOfRegion(region.value).id),
    region: region?.value,
    access: undefined,
    settled: { name, record },
    open,
    agentWarning: isAgent && !canNarrow(plan) ? cannotBeNarrowed(source) : undefined,
    endpoints,
    credentials,
    renewal,
    async account(asked) {
      const { callerIdentity } = sts(asked, { env: app.env, endpoints });
      const { arn } = await withRenewal(renewal, callerIdentity(await credentials(asked)));
      const [, partition = "", , , accountId = ""] = arn.split(":");
      return { accountId, partition };
    },
  };
}

/** Opens the source of each region once: nobody types a code twice, and no program is run again. */
function perRegion(ask: (region: string) => Promise<OpenPlan>): typeof ask {
  const asked = new Map<string, Promise<OpenPlan>>();
  return (region) => {
    const known = asked.get(region) ?? ask(region);
    asked.set(region, known);
    return known;
  };
}

function cannotBeNarrowed(source: Identity): string {
  return `An AI agent that runs kubectl gets all AWS permissions of ${describeIdentity(source)}, and can do whatever you can in the cluster. With --agent-role ARN, it gets that role instead.`;
}
