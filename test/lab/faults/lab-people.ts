import fs from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { accessPolicy, addEntry, addUser, LAB_ADMIN_KEY } from "../aws/world.ts";
import { LAB_ROLE, type Lab } from "../lab.ts";
import type { RbacRole } from "../model.ts";

/** Static keys of somebody who uses `aws eks get-token`. Canaries: they open nothing but the lab. */
export const GRACE_KEY = {
  accessKeyId: "AKIALABGRACE00000001",
  secretAccessKey: "LAB-CANARY/grace+secret/that+opens+nothing",
} as const;

export const GRACE = "arn:aws:iam::111122223333:user/people/grace";

/** What people may read in AWS to find out what is wrong. */
const READS = {
  actions: ["eks:Describe*", "eks:List*", "iam:GetRole", "iam:ListOpenIDConnectProviders"],
  resources: ["*"],
};

const DESCRIBE_CLUSTER = { actions: ["eks:DescribeCluster"], resources: ["*"] };

/** Everybody may read who may do what: so that a doctor can see why not. */
const RBAC_READER: RbacRole = {
  name: "rbac-reader",
  rules: [
    {
      verbs: ["get", "list"],
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
    },
    { verbs: ["get"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["aws-auth"] },
  ],
};

const RBAC_READERS = "rbac-readers";

/** 20 days: less than the lab's roles are old, and more than it takes an entry to be in force. */
const LONG_MS = 20 * 24 * 60 * 60 * 1000;
const then = new Date(Date.now() - LONG_MS);

/** Dates of an entry that is neither new nor stale. */
export const LONG_AGO = { createdAt: then, modifiedAt: then };

/** Fields of such an entry, for a role that may look at everything. */
export function viewerOfOld() {
  return { ...LONG_AGO, policies: [accessPolicy("AmazonEKSViewPolicy")] };
}

/**
 * An account as doctors like it: the developer role may read EKS and IAM, everybody may read RBAC. Adds grace, and lets
 * the lab's administrator into the cluster. Their keys are profiles in ~/.aws, without a default.
 */
export function addPeople({ world, cluster, home }: Lab): void {
  world.roles.get(LAB_ROLE)?.allows.push(READS);
  cluster.roles.push(RBAC_READER);
  cluster.bindings.push({
    name: RBAC_READERS,
    roleRef: { kind: "ClusterRole", name: RBAC_READER.name },
    subjects: [{ kind: "Group", name: "system:authenticated" }],
  });
  const { accessKeyId: id, secretAccessKey: secret } = GRACE_KEY;
  const keys = [{ id, secret, active: true }];
  const user = addUser(world, { name: "grace", path: "/people/", accessKeys: keys, allows: [READS] });
  const administrator = [...world.users.values()].find(({ arn }) => arn.endsWith("user/lab-admin"));
  if (administrator === undefined) throw new Error("The lab has no administrator");
  addEntry(cluster, administrator, { policies: [accessPolicy("AmazonEKSClusterAdminPolicy")] });
  for (const old of cluster.accessEntries.values()) Object.assign(old, LONG_AGO);
  addEntry(cluster, user, {
    ...LONG_AGO,
    policies: [accessPolicy("AmazonEKSViewPolicy", ["default"])],
  });

  const profiles = { grace: GRACE_KEY, administrator: LAB_ADMIN_KEY };
  const text = Object.entries(profiles).map(
    ([name, key]) =>
      `[${name}]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
  );
  fs.mkdirSync(path.join(home, ".aws"), { mode: 0o700, recursive: true });
  fs.writeFileSync(path.join(home, ".aws", "credentials"), text.join("\n"), { mode: 0o600 });
}

/** Leaves people the rights that developers have: to describe the cluster. Gives back how they get the others again. */
export function takeReads({ world, cluster }: Lab): () => void {
  const principals = [...world.roles.values(), ...world.users.values()];
  const kept = principals.map((principal) => ({ principal, allows: principal.allows }));
  const { bindings } = cluster;
  const isReads = (statement: object) => isDeepStrictEqual(statement, READS);
  for (const { principal, allows } of kept)
    principal.allows = allows.map((one) => (isReads(one) ? DESCRIBE_CLUSTER : one));
  cluster.bindings = bindings.filter(({ name }) => name !== RBAC_READERS);
  return () => {
    for (const { principal, allows } of kept) principal.allows = allows;
    cluster.bindings = bindings;
  };
}
