import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { type LabClock, labClock } from "../../../lab/clock.ts";
import { startControlPlane } from "../../../lab/control-plane/control-plane.ts";
import { defaultRbac } from "../../../lab/kube/authorization/default-rbac.ts";
import type { KubeServer } from "../../../lab/kube/kube-server.ts";
import { startKubeStandIn } from "../../../lab/kube/stand-in.ts";
import type { AccessEntry, AssociatedPolicy, Cluster } from "../../../lab/model.ts";
import { type LabCa, makeLabCa } from "../../../lab/tls.ts";
import { type Caller, type FakeSts, startFakeSts } from "./fake-sts.ts";
import { presignedToken, type TokenParts } from "./presigned-token.ts";

export const ACCOUNT = "111122223333";
/** The moment the lab's clock stands at. */
const NOW = Date.parse("2026-11-25T10:50:18Z");

/** A cluster, its API server, an STS that knows whom it is told, and tokens for them. */
export interface KubeLab {
  readonly ca: LabCa;
  readonly clock: LabClock;
  readonly cluster: Cluster;
  readonly callers: Map<string, Caller>;
  readonly sts: FakeSts;
  readonly kube: KubeServer;
  /** A person in an assumed role (`dev`), an IAM user (`user/team/dave`); returns the access key id. */
  person(principal: string, session?: string): string;
  token(accessKeyId: string, parts?: Partial<TokenParts>): string;
  call(token: string | undefined, target: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string | undefined;
  readonly date: string | undefined;
  /** Characters of the body as it came. */
  readonly length: number;
}

interface KubeLabOptions {
  /** The control plane is the real one; otherwise our stand-in, unless KUBECTL_VOUCH_LAB is `real`. */
  readonly real?: boolean;
  /** How long the stand-in waits for STS. */
  readonly stsTimeoutMs?: number;
}

/** `changes` are made before the server starts. */
export async function startKubeLab(
  changes: Partial<Cluster> = {},
  { real = process.env["KUBECTL_VOUCH_LAB"] === "real", ...options }: KubeLabOptions = {},
): Promise<KubeLab> {
  const ca = await makeLabCa();
  // Nobody can set the clock of the real programs.
  const clock = labClock(real ? undefined : NOW);
  const cluster = withDefaults({ ...emptyCluster(), ...changes });
  const callers = new Map<string, Caller>();
  const sts = await startFakeSts(ca, callers);
  const world = { partition: "aws" };
  const kube = real
    ? await startControlPlane({ ca, cluster, sts, world })
    : await startKubeStandIn({ ca, clock, cluster, sts, world, ...options });
  return {
    ...{ ca, clock, cluster, callers, sts, kube },
    person(principal, session = "ada@example.com") {
      const accessKeyId = `ASIA${principal.replace(/\W/g, "").toUpperCase()}`;
      callers.set(accessKeyId, callerOf(principal, session));
      return accessKeyId;
    },
    token: (accessKeyId, parts) =>
      presignedToken({ ...goodParts(clock()), ...secretOf(callers, accessKeyId), ...parts }),
    call: (token, target, options) => callKube({ url: kube.url, ca: ca.cert, token, target, ...options }),
    async close() {
      await kube.close();
      await sts.close();
    },
  };
}

function emptyCluster(): Cluster {
  return {
    name: "lab",
    region: "us-east-1",
    arn: `arn:aws:eks:us-east-1:${ACCOUNT}:cluster/lab`,
    status: "ACTIVE",
    version: "1.36",
    platformVersion: "eks.1",
    createdAt: new Date(NOW - 3_600_000),
    endpoint: "",
    certificateAuthority: "",
    authenticationMode: "API_AND_CONFIG_MAP",
    endpointPublicAccess: true,
    endpointPrivateAccess: false,
    publicAccessCidrs: ["0.0.0.0/0"],
    accessEntries: new Map(),
    awsAuth: undefined,
    namespaces: new Set(["default", "kube-node-lease", "kube-public", "kube-system", "x"]),
    roles: [],
    bindings: [],
    objects: [],
  };
}

/** With Kubernetes' own roles and bindings, as far as the cluster has none by their names. */
function withDefaults(cluster: Cluster): Cluster {
  const { roles, bindings } = defaultRbac();
  const lacks =
    (own: readonly { readonly name: string; readonly namespace?: string }[]) =>
    (other: { readonly name: string }) =>
      !own.some(({ name, namespace }) => namespace === undefined && name === other.name);
  return {
    ...cluster,
    roles: [...cluster.roles, ...roles.filter(lacks(cluster.roles))],
    bindings: [...cluster.bindings, ...bindings.filter(lacks(cluster.bindings))],
  };
}

/** An entry for `role/…` or `user/…`; its unique id is that of the caller of the same name. */
export function entryFor(principal: string, changes: Partial<AccessEntry> = {}): AccessEntry {
  return {
    principalArn: `arn:aws:iam::${ACCOUNT}:${principal}`,
    principalId: uniqueId(principal),
    kubernetesGroups: [],
    username: "",
    type: "STANDARD",
    createdAt: new Date(NOW),
    modifiedAt: new Date(NOW),
    tags: {},
    policies: [],
    ...changes,
  };
}

/** An association as EKS keeps it; without namespaces its scope is the cluster. */
export function policyOf(name: string, ...namespaces: string[]): AssociatedPolicy {
  return {
    policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
    accessScope: { type: namespaces.length === 0 ? "cluster" : "namespace", namespaces },
    associatedAt: new Date(NOW),
    modifiedAt: new Date(NOW),
  };
}

export function uniqueId(principal: string): string {
  const name = principal.split("/").at(-1)?.toUpperCase() ?? "";
  return `${principal.startsWith("role/") ? "AROA" : "AIDA"}${name.padEnd(17, "0")}`;
}

function callerOf(principal: string, session: string): Caller {
  const id = uniqueId(principal);
  const name = principal.split("/").at(-1);
  const secret = "CANARY-secret-key";
  if (!principal.startsWith("role/"))
    return { secret, arn: `arn:aws:iam::${ACCOUNT}:${principal}`, userId: id };
  return {
    secret,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
    userId: `${id}:${session}`,
  };
}

function goodParts(time: number): Omit<TokenParts, "accessKeyId" | "secret"> {
  return {
    time,
    cluster: "lab",
    region: "us-east-1",
    host: "sts.us-east-1.amazonaws.com",
    scheme: "https",
    path: "/",
    action: "GetCallerIdentity",
    expires: "60",
    signedHeaders: "host;x-k8s-aws-id",
    extra: [],
  };
}

function secretOf(callers: ReadonlyMap<string, Caller>, accessKeyId: string) {
  return { accessKeyId, secret: callers.get(accessKeyId)?.secret ?? "CANARY-unknown" };
}

interface RawCall extends CallOptions {
  readonly url: string;
  readonly ca: string;
  readonly token: string | undefined;
  readonly target: string;
}

function callKube({ url, ca, token, target, method = "GET", body, headers }: RawCall): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
    const given = { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(text)) };
    const outgoing = request(new URL(target, url), {
      method,
      ca,
      agent: false,
      headers: { ...given, ...authorization, ...headers },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      answerOf(incoming).then(resolve, reject);
    });
    outgoing.end(text);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<Answer> {
  const text = (await incoming.toArray()).join("");
  const { "content-type": contentType, date } = incoming.headers;
  const isJson = text !== "" && contentType?.startsWith("application/json") === true;
  const body: unknown = isJson ? JSON.parse(text) : text;
  return { status: incoming.statusCode ?? 0, body, contentType, date, length: text.length };
}
