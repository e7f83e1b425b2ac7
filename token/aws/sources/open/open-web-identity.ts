import path from "node:path";
import { run } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { VouchError } from "../../../errors/errors.ts";
import { readWitnessed } from "../../../files/plain-file.ts";
import { partitionOfRegion } from "../../../hot/partition.ts";
import { agentPolicies, narrowing } from "../../agent-policies.ts";
import { sts } from "../../sts.ts";
import { digestOf, type OpenPlan, type PlanAccess, sha256, witnessOf } from "../opened-source.ts";
import { placeOfOrigin } from "../plan-errors.ts";
import type { WebIdentityPlan } from "../plan-kinds.ts";
import { requireRole, roleRefused } from "./role-refused.ts";

/**
 * A role, for the OIDC token in a file. A different token may be a different identity, so it is part of the digest. Throws
 * `web-identity-token-missing`, `role-arn-invalid` and `partition-mismatch` immediately.
 */
export async function openWebIdentity(
  plan: WebIdentityPlan,
  access: PlanAccess,
  isLast: boolean,
): Promise<OpenPlan> {
  const { roleArn, sessionName, region, tokenFile } = plan;
  requireRole(plan);
  const { text, identity } = readWitnessed(path.resolve(tokenFile), access.clock());
  const idToken = text?.trim() ?? "";
  if (idToken === "") throw missingToken(plan, text === undefined ? "does not exist" : "is empty");
  const digest = digestOf(
    ...["web-identity", roleArn, sessionName, partitionOfRegion(region).id],
    ...[narrowing(access, isLast), sha256(idToken)],
  );
  return {
    digest,
    witnesses: witnessOf(tokenFile, identity),
    credentials: (wish) =>
      access.kept({ key: digest, words: roleArn }, wish, async () => {
        try {
          return await sts(region, access).assumeWithWebIdentity({
            ...{ roleArn, sessionName, idToken },
            ...agentPolicies({ agent: access.agent, region }, isLast),
          });
        } catch (error) {
          throw roleRefused(error, roleArn);
        }
      }),
  };
}

function missingToken({ tokenFile, origin }: WebIdentityPlan, how: string): VouchError {
  return new VouchError(
    "web-identity-token-missing",
    `The token file ${tokenFile} (${placeOfOrigin(origin)}) ${how}.`,
    { hint: withCommands`Check it: ${run("ls", "-l", {}, tokenFile)}` },
  );
}
