import type { CallerIdentity } from "../../evidence/evidence.ts";
import type { AwsCalls } from "./aws-calls.ts";
import { askCli, type CliAsking, noCredentials, Unsigned } from "./aws-cli.ts";

/**
 * Calls of AWS, made by an AWS CLI that does not export its credentials. It follows the pages of a list itself. Source:
 * doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
export function cliCalls(asked: CliAsking, region: string): AwsCalls {
  const ask = async <T>(command: string, options: Readonly<Record<string, string>>): Promise<T> =>
    (await askCli(asked, command, { ...options, region }).catch(sayUnsigned)) as T;
  return {
    describeCluster: (name) => ask("eks describe-cluster", { name }),
    listClusters: async () => (await ask<{ clusters: string[] }>("eks list-clusters", {})).clusters,
    listAccessEntries: async (cluster) => {
      const options = { "cluster-name": cluster };
      return (await ask<{ accessEntries: string[] }>("eks list-access-entries", options)).accessEntries;
    },
    describeAccessEntry: (cluster, arn) =>
      ask("eks describe-access-entry", { "cluster-name": cluster, "principal-arn": arn }),
    listAssociatedPolicies: (cluster, arn) =>
      ask("eks list-associated-access-policies", { "cluster-name": cluster, "principal-arn": arn }),
    identityProviders: async (cluster) => {
      const options = { "cluster-name": cluster };
      const { identityProviderConfigs } = await ask<{ identityProviderConfigs: object[] }>(
        "eks list-identity-provider-configs",
        options,
      );
      return Promise.all(
        identityProviderConfigs.map((config) =>
          ask<Awaited<ReturnType<AwsCalls["identityProviders"]>>[number]>(
            "eks describe-identity-provider-config",
            { ...options, "identity-provider-config": JSON.stringify(config) },
          ),
        ),
      );
    },
    getRole: (name) => ask("iam get-role", { "role-name": name }),
    listOpenIdConnectProviders: () => ask("iam list-open-id-connect-providers", {}),
  };
}

/** Rejects with the same message as for credentials that the CLI exports. */
function sayUnsigned(error: unknown): never {
  throw error instanceof Unsigned ? noCredentials(error) : error;
}

/** Who AWS says the caller is, if the CLI does not export the credentials. */
export async function identityOfCli(asked: CliAsking, region: string): Promise<CallerIdentity> {
  const { UserId, Account, Arn } = await askCli(asked, "sts get-caller-identity", { region });
  if (typeof Arn !== "string") throw new Error("aws sts get-caller-identity did not return an ARN");
  return { UserId: String(UserId), Account: String(Account), Arn };
}
