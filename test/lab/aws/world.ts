import { randomInt } from "node:crypto";
import { defaultRbac } from "../kube/authorization/default-rbac.ts";
import type {
  AccessEntry,
  AssociatedPolicy,
  Cluster,
  IamRole,
  IamUser,
  LabWorld,
  OidcProvider,
  TrustStatement,
} from "../model.ts";
import { defaultGroups, defaultUsername } from "./eks/access-entry-rules.ts";
import { emptyWorld } from "./empty-world.ts";

/** The account of every example in AWS's documentation; nobody's. */
const LAB_ACCOUNT = "111122223333";

/** The administrator's static keys. Canaries: they open nothing but the lab. */
export const LAB_ADMIN_KEY = {
  accessKeyId: "AKIALABADMIN00000001",
  secretAccessKey: "LAB-CANARY/admin+secret/that+opens+nothing",
} as const;

/** What `setup eks --all` needs, in every cluster of the account. */
export const CLUSTER_READS = { actions: ["eks:DescribeCluster", "eks:ListClusters"], resources: ["*"] };

const DAY_MS = 24 * 60 * 60 * 1000;
const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Whom the default roles trust: a Vouch server, real or played. */
interface Issuer {
  /** `https://localhost:1234` */
  readonly url: string;
  /** PEM of the CA to trust there. */
  readonly ca: string;
  /** Where its keys are; `/oauth/jwks` of the issuer unless said otherwise. */
  readonly jwksUrl?: string;
}

/**
 * The default account: an OIDC provider for the issuer, role VouchDeveloper that trusts it and may do nothing, VouchManagement
 * and VouchSpoke for chaining (`--via`), and the user lab-admin who may do everything. No clusters yet.
 */
export function labWorld(issuer: Issuer, now: Date = new Date()): LabWorld {
  const world = emptyWorld(LAB_ACCOUNT);
  const createDate = new Date(now.getTime() - 30 * DAY_MS);
  const provider = addOidcProvider(world, issuer, createDate);
  addRole(world, { name: "VouchDeveloper", createDate, trust: [vouchTrust(provider)] });
  const management = addRole(world, {
    name: "VouchManagement",
    createDate,
    trust: [vouchTrust(provider)],
    allows: [
      {
        actions: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        resources: ["arn:aws:iam::*:role/VouchSpoke"],
      },
    ],
  });
  addRole(world, {
    name: "VouchSpoke",
    createDate,
    trust: [chainTrust(management.arn)],
    allows: [CLUSTER_READS],
  });
  addUser(world, {
    name: "lab-admin",
    createDate,
    accessKeys: [{ id: LAB_ADMIN_KEY.accessKeyId, secret: LAB_ADMIN_KEY.secretAccessKey, active: true }],
    allows: [{ actions: ["*"], resources: ["*"] }],
  });
  return world;
}

export function addOidcProvider(world: LabWorld, issuer: Issuer, createDate = new Date()): OidcProvider {
  const url = issuer.url.replace(/^https:\/\//, "");
  const provider: OidcProvider = {
    arn: `arn:${world.partition}:iam::${world.accountId}:oidc-provider/${url}`,
    url,
    clientIds: [issuer.url],
    jwksUrl: issuer.jwksUrl ?? `${issuer.url}/oauth/jwks`,
    ca: issuer.ca,
    createDate,
  };
  world.oidcProviders.set(provider.arn, provider);
  return provider;
}

/** The trust statement that Vouch asks for. Source: token/vouch/VOUCH-PROTOCOL.md, "STS call". */
export function vouchTrust(provider: OidcProvider): TrustStatement {
  return {
    Effect: "Allow",
    Principal: { Federated: provider.arn },
    Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"],
    Condition: { StringEquals: { [`${provider.url}:aud`]: provider.clientIds } },
  };
}

/** Trust in a role of the first hop: tags and source identity of the login follow it. */
export function chainTrust(roleArn: string): TrustStatement {
  return {
    Effect: "Allow",
    Principal: { AWS: roleArn },
    Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
  };
}

/** A path begins and ends with a slash; another account makes it a role of that account. */
export function addRole(
  world: LabWorld,
  role: { readonly name: string; readonly path?: string; readonly account?: string } & Partial<IamRole>,
): IamRole {
  const { name, path = "/", account = world.accountId, ...fields } = role;
  const made: IamRole = {
    arn: `arn:${world.partition}:iam::${account}:role${path}${name}`,
    uniqueId: `AROA${randomId()}`,
    createDate: new Date(),
    maxSessionDuration: 3600,
    trust: [],
    allows: [],
    ...fields,
  };
  world.roles.set(made.arn, made);
  return made;
}

export function addUser(
  world: LabWorld,
  user: { readonly name: string; readonly path?: string } & Partial<IamUser>,
): IamUser {
  const { name, path = "/", ...fields } = user;
  const made: IamUser = {
    arn: `arn:${world.partition}:iam::${world.accountId}:user${path}${name}`,
    uniqueId: `AIDA${randomId()}`,
    createDate: new Date(),
    accessKeys: [],
    allows: [],
    ...fields,
  };
  world.users.set(made.arn, made);
  return made;
}

/** An active cluster without an API server: its endpoint and CA are filled in when one is up. */
export function addCluster(world: LabWorld, cluster: { readonly name: string } & Partial<Cluster>): Cluster {
  const region = cluster.region ?? "us-east-1";
  const made: Cluster = {
    region,
    arn: `arn:${world.partition}:eks:${region}:${world.accountId}:cluster/${cluster.name}`,
    status: "ACTIVE",
    version: "1.36",
    platformVersion: "eks.1",
    createdAt: new Date(),
    endpoint: "",
    certificateAuthority: "",
    authenticationMode: "API_AND_CONFIG_MAP",
    endpointPublicAccess: true,
    endpointPrivateAccess: false,
    publicAccessCidrs: ["0.0.0.0/0"],
    accessEntries: new Map(),
    awsAuth: undefined,
    namespaces: new Set(["default", "kube-system", "kube-public", "kube-node-lease"]),
    ...defaultRbac(),
    objects: [],
    ...cluster,
  };
  world.clusters.push(made);
  return made;
}

/** An entry as CreateAccessEntry would make it, for a role or user of the world. */
export function addEntry(
  cluster: Cluster,
  principal: IamRole | IamUser,
  fields: Partial<Omit<AccessEntry, "principalArn">> = {},
): AccessEntry {
  const type = fields.type ?? "STANDARD";
  const made: AccessEntry = {
    principalArn: principal.arn,
    principalId: principal.uniqueId,
    kubernetesGroups: defaultGroups(type),
    username: defaultUsername(type, principal.arn),
    type,
    createdAt: new Date(),
    modifiedAt: new Date(),
    tags: {},
    policies: [],
    ...fields,
  };
  cluster.accessEntries.set(made.principalArn, made);
  return made;
}

/**
 * An association of one of EKS's policies, by its short name (`AmazonEKSViewPolicy`); cluster-wide without namespaces.
 */
export function accessPolicy(name: string, namespaces: readonly string[] = []): AssociatedPolicy {
  const type = namespaces.length > 0 ? "namespace" : "cluster";
  const at = new Date();
  return {
    policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
    accessScope: { type, namespaces: [...namespaces] },
    associatedAt: at,
    modifiedAt: at,
  };
}

function randomId(): string {
  return Array.from({ length: 17 }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)]).join("");
}
