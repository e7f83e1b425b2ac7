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
import { enrolCredential, newSoftKeyState } from "./key/soft-key-state.ts";
import { type KubeStandIn, startKubeStandIn } from "./kube/stand-in.ts";
import { installLabProgram } from "./lab-program.ts";
import type { AccessEntry, Cluster, IamRole, LabWorld } from "./model.ts";
import { type LabCa, makeLabCa } from "./tls.ts";
import { startVouchStandIn, type VouchStandIn } from "./vouch/vouch-stand-in.ts";

/** Canary: opens nothing but the lab's key. */
export const LAB_PIN = "24681357";

export const LAB_CLUSTER = "lab";
export const LAB_REGION = "us-east-1";
export const LAB_ROLE = "arn:aws:iam::111122223333:role/VouchDeveloper";
export const LAB_USER = "ada@example.com";

export interface LabOptions {
  /** Kubernetes version of the cluster, `1.36` when absent. */
  readonly kubernetesVersion?: string;
  /** Port of the Vouch server, and so on; free ones when absent. */
  readonly clock?: LabClock;
}

/** A running lab. Its parts are there to be changed and broken. */
export interface Lab {
  readonly ca: LabCa;
  readonly clock: LabClock;
  readonly world: LabWorld;
  readonly vouch: VouchStandIn;
  readonly aws: AwsStandIn;
  /** By cluster ARN. */
  readonly kube: ReadonlyMap<string, KubeStandIn>;
  readonly cluster: Cluster;
  /** The access entry of LAB_ROLE in the cluster. */
  readonly entry: AccessEntry;
  /** Home of the person; removed when the lab is closed. */
  readonly home: string;
  /** Environment for commands: this, and nothing of ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds a cluster with an API server of its own, and LAB_ROLE as a viewer in it. */
  addCluster(cluster: { readonly name: string } & Partial<Cluster>): Promise<Cluster>;
  close(): Promise<void>;
}

/** Starts everything, with one person enrolled, one cluster, and one role that may view the namespace `default`. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const clock = options.clock ?? labClock();
  const ca = await makeLabCa();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-lab-"));
  const home = path.join(folder, "home");
  const keyStateFile = path.join(folder, "security-key.json");
  fs.mkdirSync(home, { mode: 0o700 });
  await installLabProgram(path.join(folder, "bin"), { keyStateFile, home });

  const vouch = await startVouchStandIn({ ca, clock, rpId: "localhost" });
  const world = labWorld({ url: vouch.url, ca: ca.cert }, new Date(clock()));
  const aws = await startAwsStandIn({ ca, clock, world });
  const kube = new Map<string, KubeStandIn>();

  const caFile = writeFile(path.join(folder, "ca.pem"), ca.cert);
  writeFile(keyStateFile, enrolledKey(vouch));

  const openCluster = async (fields: { readonly name: string } & Partial<Cluster>) => {
    const cluster = addCluster(world, { version: options.kubernetesVersion ?? "1.36", ...fields });
    kube.set(
      cluster.arn,
      await startKubeStandIn({ ca, clock, world, cluster, sts: { url: aws.url, ca: ca.cert } }),
    );
    addEntry(cluster, role(world, LAB_ROLE), {
      policies: [accessPolicy("AmazonEKSViewPolicy", ["default", "team-*"])],
    });
    return cluster;
  };
  const cluster = await openCluster({ name: LAB_CLUSTER, region: LAB_REGION });
  for (const namespace of ["team-a", "payments"]) cluster.namespaces.add(namespace);
  cluster.objects.push(...somePods());

  return {
    ca,
    clock,
    world,
    vouch,
    aws,
    kube,
    cluster,
    entry: cluster.accessEntries.get(LAB_ROLE) as AccessEntry,
    home,
    env: labEnvironment({ home, binFolder: path.join(folder, "bin"), caFile, vouch, aws }),
    addCluster: openCluster,
    async close() {
      await Promise.all([vouch.close(), aws.close(), ...[...kube.values()].map((server) => server.close())]);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface LabPlaces {
  readonly home: string;
  readonly binFolder: string;
  readonly caFile: string;
  readonly vouch: VouchStandIn;
  readonly aws: AwsStandIn;
}

function labEnvironment({ home, binFolder, caFile, vouch, aws }: LabPlaces): Record<string, string> {
  return {
    HOME: home,
    PATH: `${binFolder}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    KUBECONFIG: path.join(home, ".kube", "config"),
    KUBECACHEDIR: path.join(home, ".kube", "cache"),
    VOUCH_SERVER: vouch.url,
    VOUCH_CA_BUNDLE: caFile,
    AWS_CA_BUNDLE: caFile,
    AWS_ENDPOINT_URL: aws.url,
    AWS_EC2_METADATA_DISABLED: "true",
    LANG: "C.UTF-8",
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

/** A key with a PIN and one passkey for the lab's person, known to the server. */
function enrolledKey(vouch: VouchStandIn): string {
  const user = vouch.addUser({ email: LAB_USER, domain: "example.com" });
  const state = newSoftKeyState({ pin: LAB_PIN });
  const userHandle = Buffer.from(user.id.replaceAll("-", ""), "hex");
  const credential = enrolCredential(state, { rpId: "localhost", userHandle, userName: LAB_USER });
  vouch.addCredential({ userId: user.id, ...credential, name: "YubiKey of the lab" });
  return JSON.stringify(state);
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
    status: { phase: "Running", containerStatuses: [{ name: "web", ready: true, restartCount: 0 }] },
  }));
}

function writeFile(file: string, text: string): string {
  fs.writeFileSync(file, text, { mode: 0o600 });
  return file;
}
