import fs from "node:fs";
import path from "node:path";
import { accessPolicy, addEntry, addRole, LAB_ADMIN_KEY } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, type Lab } from "../lab/lab.ts";
import { labBundle } from "../lab/lab-program.ts";
import type { Desk } from "../lab/person.ts";
import { runCommand } from "../support/run-command.ts";
import type { Contestant } from "./measure.ts";

/** A call by an AWS profile that assumes a role, without a token in the cache and with the role's credentials: it signs. */
const ROLE_PROFILE = "credential eks --profile, cold, role cached";

const PROFILE = "deploy";
const WHERE = ["--region", LAB_REGION];

/** Somebody with keys, a profile of a role in `~/.aws`, and the role's credentials in our cache: no call asks AWS again. */
export async function roleProfileDesk(lab: Lab): Promise<Desk> {
  const desk = await lab.addDesk("kim");
  const role = addRole(lab.world, {
    name: "Deploy",
    trust: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${lab.world.accountId}:root` },
        Action: "sts:AssumeRole",
      },
    ],
    allows: [{ actions: ["eks:DescribeCluster"], resources: [lab.cluster.arn] }],
  });
  addEntry(lab.cluster, role, { policies: [accessPolicy("AmazonEKSViewPolicy", ["default"])] });
  const aws = path.join(desk.home, ".aws");
  fs.mkdirSync(aws, { mode: 0o700 });
  const config = [
    `[profile ${PROFILE}]`,
    `role_arn = ${role.arn}`,
    "source_profile = keys",
    `region = ${LAB_REGION}`,
  ];
  const keys = [
    "[keys]",
    `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}`,
    `aws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}`,
  ];
  fs.writeFileSync(path.join(aws, "config"), `${config.join("\n")}\n`, { mode: 0o600 });
  fs.writeFileSync(path.join(aws, "credentials"), `${keys.join("\n")}\n`, { mode: 0o600 });
  // Never what ships: it would settle the lab's hosts under the home of whoever runs this.
  const program = [process.execPath, "--", await labBundle()];
  const env = { ...desk.env, LAB_DATABASE_HOME: desk.home };
  for (const words of [["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", PROFILE], credentialWords()]) {
    const { status, stderr } = await runCommand([...program, ...words], { env });
    if (status !== 0)
      throw new Error(`kubectl-vouch ${words.join(" ")} ended with status ${status}: ${stderr}`);
  }
  return desk;
}

function credentialWords(): string[] {
  return ["credential", "eks", "--cluster-name", LAB_CLUSTER, ...WHERE, "--profile", PROFILE];
}

const CLUSTER = ["--cluster-name", LAB_CLUSTER, ...WHERE];

/** `program` without a cached token, and the AWS CLI, which keeps the role's credentials as well, and is let fetch them first. */
export async function roleProfileContestants(
  { env }: Desk,
  program: readonly string[],
  has: (program: string) => boolean,
): Promise<Contestant[]> {
  const forget = 'rm -f "$HOME"/.local/state/kubectl-vouch/profiles/token-*; exec "$@"';
  const ours = ["sh", "-c", forget, "sh", ...program, ...credentialWords()];
  const aws = ["aws", "eks", "get-token", ...CLUSTER, "--profile", PROFILE];
  if (has("aws")) await runCommand(aws, { env });
  return [
    { name: ROLE_PROFILE, command: ours, env },
    { name: "aws eks get-token --profile, role cached", command: aws, env },
  ].filter(({ command: [started = ""] }) => has(started));
}

/** Asks STS each time, at AWS's own host, which `proxy` leads to the lab: only where that can answer meanwhile. */
export function authenticatorContestants(
  { env }: Desk,
  proxy: string,
  has: (program: string) => boolean,
): Contestant[] {
  const command = ["aws-iam-authenticator", "token", "-i", LAB_CLUSTER, ...WHERE];
  const lab = { HTTPS_PROXY: proxy, SSL_CERT_FILE: env["AWS_CA_BUNDLE"] ?? "" };
  const name = "aws-iam-authenticator, that profile";
  return has("aws-iam-authenticator")
    ? [{ name, command, env: { ...env, ...lab, AWS_PROFILE: PROFILE } }]
    : [];
}
