import { accessPolicy, addEntry, addRole, vouchTrust } from "./aws/world.ts";
import type { Lab } from "./lab.ts";
import type { Person } from "./person.ts";

export const LAB_ADMIN_ROLE = "arn:aws:iam::111122223333:role/VouchAdministrator";
const LAB_ADMIN_USER = "grace@example.com";

/** Older than any login, and younger than the role. */
const LONG_MS = 20 * 24 * 60 * 60 * 1000;

/**
 * Whoever runs the lab's cluster: another person than the lab's own, with her own key and home, and a role that the Vouch
 * server gives to her alone. The role may do everything of EKS, and read IAM.
 */
export async function addAdministrator(lab: Lab): Promise<Person> {
  const { world, cluster } = lab;
  const person = await lab.addPerson(LAB_ADMIN_USER);
  const [provider] = world.oidcProviders.values();
  if (provider === undefined) throw new Error("The lab has no OIDC provider");
  const trust = vouchTrust(provider);
  const developer = world.roles.get(lab.entry.principalArn);
  const role = addRole(world, {
    name: "VouchAdministrator",
    createDate: developer?.createDate ?? new Date(lab.clock()),
    trust: [
      {
        ...trust,
        Condition: {
          StringEquals: { ...trust.Condition?.["StringEquals"], [`${provider.url}:sub`]: person.email },
        },
      },
    ],
    allows: [{ actions: ["eks:*", "iam:Get*", "iam:List*"], resources: ["*"] }],
  });
  const then = new Date(lab.clock() - LONG_MS);
  addEntry(cluster, role, {
    createdAt: then,
    modifiedAt: then,
    policies: [accessPolicy("AmazonEKSClusterAdminPolicy")],
  });
  return person;
}
