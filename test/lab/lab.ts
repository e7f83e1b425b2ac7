/**
 * EKS in a box, on loopback: a Vouch server, AWS, the API servers of clusters, a software security key, and a home for
 * the person who uses them. Everything in this process; only the commands under test are processes of their own.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type AwsStandIn, startAwsStandIn } from "./aws/stand-in.ts";
import { accessPolicy, addCluster, addEntry, LAB_ADMIN_KEY, labWorld } from "./aws/world.ts";
import { type LabClock, labClock } from "./clock.ts";
import { startControlPlane } from "./control-plane/control-plane.ts";
import { newSoftKeyState } from "./key/soft-key-state.ts";
import type { KubeServer } from "./kube/kube-server.ts";
import { startKubeStandIn } from "./kube/stand-in.ts";
import type { AccessEntry, Cluster, IamRole, LabWorld } from "./model.ts";
import { type Desk, enrolPerson, furnishDesk, type Person } from "./person.ts";
import { type LabCa, makeLabCa } from "./tls.ts";
import { startVouchStandIn, type VouchStandIn } from "./vouch/vouch-stand-in.ts";

/** Canary: opens nothing but the lab's keys. */
export const LAB_PIN = "24681357";

export const LAB_CLUSTER = "lab";
export const LAB_REGION = "us-east-1";
export const LAB_ROLE = "arn:aws:iam::111122223333:role/VouchDeveloper";
export const LAB_USER = "ada@example.com";

export interface LabOptions {
  /** Kubernetes version of the cluster, `1.36` when absent. */
  readonly kubernetesVersion?: string;
  readonly clock?: LabClock;
  /** API servers and authenticators are the real ones; otherwise our stand-ins, unless KUBECTL_VOUCH_LAB is `real`. */
  readonly real?: boolean;
}

/** A running lab, and the person who uses it, a developer. Its parts are there to be changed and broken. */
export interface Lab extends Person {
  readonly ca: LabCa;
  readonly clock: LabClock;
  readonly world: LabWorld;
  readonly vouch: VouchStandIn;
  readonly aws: AwsStandIn;
  /** By cluster ARN. */
  readonly kube: ReadonlyMap<string, KubeServer>;
  readonly cluster: Cluster;
  /** The access entry of LAB_ROLE in the cluster. */
  readonly entry: AccessEntry;
  /** Enrols somebody else. Nothing in AWS is theirs yet. */
  addPerson(email: string): Promise<Person>;
  /** A home and the program for somebody who has no Vouch server, and a security key that nobody knows. */
  addDesk(name: string): Promise<Desk>;
  /** Adds a cluster with an API server of its own, and LAB_ROLE as a viewer in it who may describe it. */
  addCluster(cluster: { readonly name: string } & Partial<Cluster>): Promise<Cluster>;
  close(): Promise<void>;
}

/**
 * Starts everything, with one person enrolled, one cluster, and one role as developers have it: it may view the namespaces
 * `default` and `team-*`, and of AWS it may describe the cluster, and nothing else.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { clock = labClock(), real = process.env["KUBECTL_VOUCH_LAB"] === "real" } = options;
  const ca = await makeLabCa();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-lab-"));
  const makers = await makeLabCa("security key makers");
  const vouch = await startVouchStandIn({
    ca,
    clock,
    rpId: "localhost",
    attestationRoots: [makers.cert],
    deviceInterval: 1,
  });
  const world = labWorld({ url: vouch.url, ca: ca.cert }, new Date(clock()));
  const aws = await startAwsStandIn({ ca, clock, world });
  const kube = new Map<string, KubeServer>();

  const caFile = path.join(folder, "ca.pem");
  fs.writeFileSync(caFile, ca.cert, { mode: 0o600 });
  const maker = await makers.issueKeyMaker();
  const shared = { caFile, vouch, aws, maker, pin: LAB_PIN };
  const person = await enrolPerson(LAB_USER, folder, shared);

  const openCluster = async (fields: { readonly name: string } & Partial<Cluster>) => {
    const cluster = addCluster(world, { version: options.kubernetesVersion ?? "1.36", ...fields });
    const server = {
      ca: await makeLabCa("kubernetes"),
      clock,
      world,
      cluster,
      sts: { url: aws.url, ca: ca.cert },
    };
    kube.set(cluster.arn, real ? await startControlPlane(server) : await startKubeStandIn(server));
    const developer = role(world, LAB_ROLE);
    developer.allows.push({ actions: ["eks:DescribeCluster"], resources: [cluster.arn] });
    addEntry(cluster, developer, {
      policies: [accessPolicy("AmazonEKSViewPolicy", ["default", "team-*"])],
    });
    return cluster;
  };
  const close = async () => {
    await Promise.all([vouch.close(), aws.close(), ...[...kube.values()].map((server) => server.close())]);
    // A program that has just been ended may still have written something.
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const cluster = await openCluster({ name: LAB_CLUSTER, region: LAB_REGION }).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  for (const namespace of ["team-a", "payments"]) cluster.namespaces.add(namespace);
  cluster.objects.push(...somePods());

  return {
    ...person,
    ca,
    clock,
    world,
    vouch,
    aws,
    kube,
    cluster,
    entry: cluster.accessEntries.get(LAB_ROLE) as AccessEntry,
    addPerson: (email) => enrolPerson(email, ownFolder(folder, email), shared),
    addDesk: (name) =>
      furnishDesk(ownFolder(folder, name), JSON.stringify(newSoftKeyState({ pin: LAB_PIN, maker })), shared),
    addCluster: openCluster,
    close,
  };
}

/** What an administrator of the lab's account adds, to use the AWS CLI by hand. */
export function administratorEnvironment(): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
    AWS_DEFAULT_REGION: LAB_REGION,
  };
}

function ownFolder(folder: string, email: string): string {
  const own = path.join(folder, email);
  fs.mkdirSync(own, { mode: 0o700 });
  return own;
}

function role(world: LabWorld, arn: string): IamRole {
  const found = world.roles.get(arn);
  if (found === undefined) throw new Error(`The lab has no role ${arn}`);
  return found;
}

function somePods() {
  return ["web-6c9f7d5b8-2xkqp", "web-6c9f7d5b8-9tzvw"].map((name) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", creationTimestamp: "2026-01-15T08:00:00Z" },
    spec: { containers: [{ name: "web", image: "nginx" }] },
    status: {
      phase: "Running",
      containerStatuses: [
        {
          ...{ name: "web", image: "nginx", imageID: "nginx@sha256:0", ready: true, restartCount: 0 },
          containerID: "containerd://0",
          state: { running: { startedAt: "2026-01-15T08:00:01Z" } },
        },
      ],
    },
  }));
}
