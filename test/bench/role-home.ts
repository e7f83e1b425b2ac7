import fs from "node:fs";
import path from "node:path";
import { accessPolicy, addEntry, addRole, LAB_ADMIN_KEY } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, type Lab } from "../lab/lab.ts";
import { runCommand } from "../support/run-command.ts";
import type { Contestant } from "./measure.ts";

/** No token is kept, but the credentials of the role are: nothing is asked, a token is signed. */
const COLD = "credential eks --profile, role cached";

const PROFILE = "role";

/** The home of somebody with an ordinary profile, whose role is assumed by the keys of another. */
export interface RoleHome {
  readonly env: Readonly<Record<string, string>>;
  readonly state: string;
}

/** Makes it, with the role in the lab, and lets us assume that role once. */
export async function roleHome(lab: Lab): Promise<RoleHome> {
  const { world, cluster } = lab;
  const [user] = world.users.values();
  if (user === undefined) throw new Error("The lab has no user");
  const role = addRole(world, {
    name: "BenchDeveloper",
    trust: [{ Effect: "Allow", Principal: { AWS: user.arn }, Action: ["sts:AssumeRole"] }],
    allows: [{ actions: ["eks:DescribeCluster"], resources: [cluster.arn] }],
  });
  addEntry(cluster, role, { policies: [accessPolicy("AmazonEKSViewPolicy", ["default"])] });
  const home = path.join(lab.home, "role-profile");
  fs.mkdirSync(path.join(home, ".aws"), { recursive: true, mode: 0o700 });
  const file = (name: string, lines: readonly string[]) =>
    fs.writeFileSync(path.join(home, ".aws", name), `${lines.join("\n")}\n`, { mode: 0o600 });
  file("config", [
    `[profile ${PROFILE}]`,
    `role_arn = ${role.arn}`,
    "source_profile = keys",
    `region = ${LAB_REGION}`,
  ]);
  file("credentials", [
    "[keys]",
    `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}`,
    `aws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}`,
  ]);
  const env = { ...lab.env, HOME: home, KUBECONFIG: path.join(home, "config") };
  for (const words of [["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", PROFILE], credentialWords()]) {
    const { status, stderr } = await runCommand(["kubectl-vouch", ...words], { env });
    if (status !== 0)
      throw new Error(`kubectl-vouch ${words.join(" ")} ended with status ${status}: ${stderr}`);
  }
  return { env, state: path.join(home, ".local/state/kubectl-vouch") };
}

/** Ours without a token in the cache, beside what others do each time. The shell that takes the token away is in it. */
export function roleContestants({ env, state }: RoleHome, program: readonly string[]): Contestant[] {
  const tokens = path.join(state, "profiles", "token-*.json");
  const cold = ["sh", "-c", `rm -f ${tokens}; exec "$@"`, "sh", ...program, ...credentialWords()];
  return [{ name: COLD, command: cold, env }];
}

/** The AWS CLI on the same profile; it keeps the role's credentials, too, and has them already. */
export async function awsOnRole({ env }: RoleHome): Promise<Contestant> {
  const command = [
    ...["aws", "eks", "get-token", "--cluster-name", LAB_CLUSTER],
    ...["--output", "json", "--profile", PROFILE],
  ];
  await runCommand(command, { env });
  return { name: "aws eks get-token --profile, role cached", command, env };
}

/** aws-iam-authenticator on the same profile: it asks STS each time, so the lab must be able to answer meanwhile. */
export function authenticatorOnRole({ env }: RoleHome): Contestant {
  const command = ["aws-iam-authenticator", "token", "-i", LAB_CLUSTER, "--region", LAB_REGION];
  return { name: "aws-iam-authenticator, same profile", command, env: { ...env, AWS_PROFILE: PROFILE } };
}

function credentialWords(): string[] {
  return ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--profile", PROFILE];
}
