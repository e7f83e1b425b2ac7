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
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { sdkOptions } from "../../token/aws/sdk-options.ts";
import { endpointOverride, sdkHostOptions, usualAwsUrl } from "../../token/endpoints/aws-endpoint.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { Env } from "../../token/env.ts";
import { reasonOf } from "../../token/errors.ts";
import type { AccessEntryJson, AssociatedPoliciesJson, ClusterJson, RoleJson } from "../evidence.ts";

/** Where and as whom AWS is asked. */
export interface AwsPlace {
  readonly region: string;
  readonly env: Env;
  readonly endpoints: Endpoints;
  readonly credentials: AwsCredentials;
}

interface IdentityProvider {
  readonly identityProviderConfig: Readonly<Record<string, unknown>>;
}

/** What the doctor reads of AWS; each answer in the JSON shape that the AWS CLI prints. */
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

/** A doctor asks much at once and waits for nobody. */
const LIMITS = { attempts: 2, connectMs: 3000, answerMs: 8000 };

/** Pages that are read, of a hundred each: no cluster has more than 3,000 entries. Source: eks-auth, B2. */
const MAX_PAGES = 30;

export function awsCalls(place: AwsPlace): AwsCalls {
  const eks = eksClient(place);
  const iam = iamClient(place);
  return {
    describeCluster: async (name) => {
      const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
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
      return plain({ Role });
    },
    listOpenIdConnectProviders: async () => {
      const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
      return plain({ OpenIDConnectProviderList });
    },
  };
}

/** `AccessDeniedException: User … is not authorized to perform …`: AWS's code and sentence. */
export function awsReason(error: unknown): string {
  const name = error instanceof Error && !/^(?:Error|VouchError)$/.test(error.name) ? `${error.name}: ` : "";
  return `${name}${reasonOf(error)}`;
}

function eksClient({ region, env, endpoints, credentials }: AwsPlace): EKSClient {
  const override = endpointOverride("eks", { region, env, endpoints });
  const target = override ?? usualAwsUrl("eks", region);
  const caBundle = endpoints.awsCaBundle;
  return new EKSClient({
    ...sdkOptions({ region, env, target, caBundle, credentials, limits: LIMITS }),
    ...(override === undefined ? sdkHostOptions(env) : { endpoint: override.href }),
  });
}

/** IAM is one service for a whole partition; the SDK knows its host and region. */
function iamClient({ region, env, endpoints, credentials }: AwsPlace): IAMClient {
  const override = endpointOverride("iam", { region, env, endpoints });
  const target = override ?? usualAwsUrl("iam", region);
  const caBundle = endpoints.awsCaBundle;
  return new IAMClient({
    ...sdkOptions({ region, env, target, caBundle, credentials, limits: LIMITS }),
    ...(override === undefined ? {} : { endpoint: override.href }),
  });
}

async function identityProviders(eks: EKSClient, clusterName: string): Promise<IdentityProvider[]> {
  const { identityProviderConfigs = [] } = await eks.send(
    new ListIdentityProviderConfigsCommand({ clusterName }),
  );
  return Promise.all(
    identityProviderConfigs.map(async ({ type, name }) => {
      const identityProviderConfig = { type, name };
      const command = new DescribeIdentityProviderConfigCommand({ clusterName, identityProviderConfig });
      const answer = await eks.send(command);
      return plain<IdentityProvider>({ identityProviderConfig: answer.identityProviderConfig });
    }),
  );
}

/** An answer of the SDK as the JSON that the AWS CLI prints: dates as text, nothing that is undefined. */
function plain<T>(answer: object): T {
  return JSON.parse(JSON.stringify(answer)) as T;
}

type Next = { readonly nextToken: string } | Record<string, never>;

async function pages<T>(
  read: (next: Next) => Promise<readonly [T[] | undefined, string | undefined]>,
): Promise<T[]> {
  const found: T[] = [];
  let next: Next = {};
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const [items = [], nextToken] = await read(next);
    found.push(...items);
    if (nextToken === undefined) break;
    next = { nextToken };
  }
  return found;
}
