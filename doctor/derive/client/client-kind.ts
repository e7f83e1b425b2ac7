import { type Client, knownValue } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";

/** Programs that a desktop starts, so that they do not have the shell's variables. */
const GRAPHICAL =
  /lens|freelens|headlamp|intellij|idea|goland|pycharm|vscode|visual studio code|octant|rancher desktop|docker desktop/i;

/** Systems that run jobs. */
const CI =
  /^ci$|github|gitlab|jenkins|circleci|buildkite|codebuild|bitbucket|azure.?(?:pipelines|devops)|argo|drone|travis/i;

export function isTerraform(client: Client | undefined): boolean {
  return client !== undefined && /terraform|opentofu|tofu|terragrunt|atlantis|pulumi/i.test(client.name);
}

/** Whether a desktop started it: as the bundle says, else as is usual for its name. */
export function isGraphical(client: Client | undefined): boolean {
  return client?.graphical ?? (client !== undefined && GRAPHICAL.test(client.name));
}

/** Whether the call was made by a job: by the client's name, or the variables that job runners set. */
export function isCi({ client, evidence }: Pick<Facts, "client" | "evidence">): boolean {
  const env = knownValue(evidence.environment) ?? {};
  return (
    (client !== undefined && CI.test(client.name)) || env["CI"] === "true" || env["GITHUB_ACTIONS"] === "true"
  );
}
