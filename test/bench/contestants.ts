import path from "node:path";
import { administratorEnvironment, LAB_CLUSTER, LAB_REGION, type Lab } from "../lab/lab.ts";
import type { Contestant } from "./measure.ts";
import { profileContestant } from "./profile-home.ts";
import { kubectlEnvironment, warmArguments } from "./warm-home.ts";

/** The built program that ships with npm, run by the Node we develop on. */
export const PROGRAM = path.resolve(import.meta.dirname, "..", "..", "dist", "kubectl-vouch.mjs");

/** What `ours / node -e 0` is the ratio of. */
export const OURS = "credential eks, warm";
export const BARE_NODE = "node -e 0";

/** The same, when nobody says which cluster it is for. */
export const WITHOUT_CLUSTER = "credential eks, warm, no cluster said";

/** Quick ones, run often. */
export function quickContestants(lab: Lab): Contestant[] {
  const node = process.execPath;
  return [
    { name: BARE_NODE, command: [node, "-e", "0"] },
    { name: OURS, command: [node, PROGRAM, ...warmArguments(lab)], env: kubectlEnvironment(lab) },
    { name: WITHOUT_CLUSTER, command: [node, PROGRAM, ...warmArguments(lab)], env: lab.env },
    profileContestant(lab, [node, PROGRAM]),
    { name: "true", command: ["true"] },
    { name: "--help, cold", command: [node, PROGRAM, "--help"], env: lab.env },
  ];
}

/** The peers, where they are installed: with static keys, and on a profile whose credentials come from us. */
export function peerContestants(lab: Lab, has: (program: string) => boolean): Contestant[] {
  const keys = { ...lab.env, ...administratorEnvironment() };
  const profile = { ...lab.env, AWS_PROFILE: "vouch", AWS_REGION: LAB_REGION };
  const aws = [
    "aws",
    "eks",
    "get-token",
    "--cluster-name",
    LAB_CLUSTER,
    "--region",
    LAB_REGION,
    "--output",
    "json",
  ];
  const authenticator = ["aws-iam-authenticator", "token", "-i", LAB_CLUSTER, "--region", LAB_REGION];
  return [
    { name: "aws eks get-token, static keys", command: aws, env: keys },
    { name: "aws eks get-token, Vouch profile", command: aws, env: profile },
    { name: "aws-iam-authenticator, static keys", command: authenticator, env: keys },
    { name: "aws-iam-authenticator, Vouch profile", command: authenticator, env: profile },
  ].filter(({ command: [program = ""] }) => has(program));
}
