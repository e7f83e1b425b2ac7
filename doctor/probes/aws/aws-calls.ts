import {
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DescribeIdentityProviderConfigCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  ListIdentityProviderConfigsCommand,
} from "@aws-sdk/client-eks";
import { GetRoleCommand, IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { type AwsPlace, awsClient } from "../../../token/aws/aws-client.ts";
import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { allPages, DOCTOR_AWS_LIMITS } from "../../../token/net/limits.ts";
import type {
  AccessEntryJson,
  AssociatedPoliciesJson,
  ClusterJson,
  RoleJson,
} from "../../evidence/evidence.ts";

interface IdentityProvider {
  readonly identityProviderConfig: Readonly<Record<string, unknown>>;
}

/** The calls that the doctor makes to AWS; each answer has the JSON shape that the AWS CLI prints. */
export interface AwsCalls {
  describeCluster(name: string): Promise<{ readonly cluster: ClusterJson }>;
  listClusters(): Promise<string[]>;
  listAccessEntries(cluster: string): Promise<string[]>;
  describeAccessEntry(
    cluster: string,
    principalArn: string,
  ): Promise<{ readonly accessEntry: AccessEntryJson }>;
  listAssociatedPolicies(cluster: string, principalArn: string): Promise<AssociatedPoliciesJson>;
  identityProviders(cluster: string): Promise<IdentityProvider[]>;
  getRole(name: string): Promise<{ readonly Role: RoleJson }>;
  listOpenIdConnectProviders(): Promise<{
    readonly OpenIDConnectProviderList: readonly { readonly Arn: string }[];
  }>;
}

export function awsCalls(given: AwsPlace): AwsCalls {
  const place = { limits: DOCTOR_AWS_LIMITS, ...given };
  const eks = awsClient(EKSClient, "eks", place);
  const iam = awsClient(IAMClient, "iam", place);
  return {
    describeCluster: async (name) => {
      const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
      if (cluster?.name === undefined) throw notAnswered("EKS", `the cluster ${name}`);
      return plain({ cluster });
    },
    listClusters: () =>
      pages(async (nextToken) => {
        const page = await eks.send(new ListClustersCommand({ maxResults: 100, ...nextToken }));
        return [page.clusters, page.nextToken];
      }),
    listAccessEntries: (clusterName) =>
      pages(async (nextToken) => {
        const page = await eks.send(
          new ListAccessEntriesCommand({ clusterName, maxResults: 100, ...nextToken }),
        );
        return [page.accessEntries, page.nextToken];
      }),
    describeAccessEntry: async (clusterName, principalArn) => {
      const { accessEntry } = await eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn }));
      if (accessEntry?.principalArn === undefined)
        throw notAnswered("EKS", `the access entry ${principalArn}`);
      return plain({ accessEntry });
    },
    listAssociatedPolicies: async (clusterName, principalArn) => {
      const associatedAccessPolicies = await pages(async (nextToken) => {
        const command = new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn, ...nextToken });
        const page = await eks.send(command);
        return [page.associatedAccessPolicies, page.nextToken];
      });
      return plain({ clusterName, principalArn, associatedAccessPolicies });
    },
    identityProviders: (clusterName) => identityProviders(eks, clusterName),
    getRole: async (RoleName) => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      if (Role?.Arn === undefined) throw notAnswered("IAM", `the role ${RoleName}`);
      return plain({ Role });
    },
    listOpenIdConnectProviders: async () => {
      const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
      return plain({ OpenIDConnectProviderList });
    },
  };
}

/** `AccessDeniedException: User … is not authorized to perform …`: AWS's code and message. */
export function awsReason(error: unknown): string {
  const name = error instanceof Error && !/^(?:Error|VouchError)$/.test(error.name) ? `${error.name}: ` : "";
  return `${name}${reasonOf(error)}`;
}

/**
 * How many are described at most; a cluster has one. Source: EKS, "Grant users access to Kubernetes with an external OIDC
 * provider".
 */
const MAX_IDENTITY_PROVIDERS = 5;

async function identityProviders(eks: EKSClient, clusterName: string): Promise<IdentityProvider[]> {
  const configs = await pages(async (nextToken) => {
    const page = await eks.send(new ListIdentityProviderConfigsCommand({ clusterName, ...nextToken }));
    return [page.identityProviderConfigs, page.nextToken];
  });
  return Promise.all(
    configs.slice(0, MAX_IDENTITY_PROVIDERS).map(async ({ type, name }) => {
      const identityProviderConfig = { type, name };
      const command = new DescribeIdentityProviderConfigCommand({ clusterName, identityProviderConfig });
      const answer = await eks.send(command);
      return plain<IdentityProvider>({ identityProviderConfig: answer.identityProviderConfig });
    }),
  );
}

/** An answer of the SDK as the JSON that the AWS CLI prints: dates as text, and no undefined fields. */
function plain<T>(answer: object): T {
  return JSON.parse(JSON.stringify(answer)) as T;
}

function notAnswered(service: string, what: string): VouchError {
  return new VouchError("aws-failed", `${service} answered, but did not describe ${what}.`);
}

type Next = { readonly nextToken: string } | Record<string, never>;

function pages<T>(
  read: (next: Next) => Promise<readonly [T[] | undefined, string | undefined]>,
): Promise<T[]> {
  return allPages("EKS", async (token) => {
    const [items, next] = await read(token === undefined ? {} : { nextToken: token });
    if (!Array.isArray(items)) throw notAnswered("EKS", "the list");
    return { items, next };
  });
}
