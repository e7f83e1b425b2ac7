import assert from "node:assert/strict";
import fs from "node:fs";
import { Agent } from "node:https";
import { AssociateAccessPolicyCommand, CreateAccessEntryCommand, EKSClient } from "@aws-sdk/client-eks";
import type { Person } from "../lab/person.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";

/** The profile that `kubectl vouch setup aws` writes. */
export const AWS_PROFILE = "vouch";

/** What plays the AWS CLI in the demo. */
export interface Aws {
  /** For people: `real aws-cli/2.36.7`. */
  readonly name: string;
  /** Carries out a line that was printed, with the profile of the person. */
  run(line: string, person: Person): Promise<CommandResult>;
}

/** The AWS CLI on PATH, if it runs in the lab and is new enough for access entries; else the SDK, which reads the same words. */
export async function findAws({ env }: Pick<Person, "env">): Promise<Aws> {
  const isNew = "aws eks create-access-entry --generate-cli-skeleton";
  const found = await runCommand(["sh", "-c", `aws --version && ${isNew}`], { env });
  const [version] = found.stdout.split(" ");
  if (found.status !== 0 || version === undefined || !version.startsWith("aws-cli/")) return sdk;
  return {
    name: `real ${version}`,
    run: (line, person) =>
      runCommand(["sh", "-c", line], {
        env: { ...person.env, AWS_PROFILE, AWS_PAGER: "" },
        cwd: person.home,
      }),
  };
}

const sdk: Aws = {
  name: "@aws-sdk/client-eks (there is no AWS CLI, or none that knows access entries)",
  async run(line, person) {
    const [program, service, operation = "", ...words] = await wordsOf(line, person);
    assert.deepEqual([program, service], ["aws", "eks"], line);
    const { region, ...input } = optionsOf(words);
    const client = new EKSClient({
      region: String(region),
      endpoint: person.env["AWS_ENDPOINT_URL"] ?? "",
      credentials: await credentialsOf(person),
      requestHandler: {
        httpsAgent: new Agent({ ca: fs.readFileSync(person.env["AWS_CA_BUNDLE"] ?? "") }),
      },
    });
    try {
      const { $metadata: _, ...answer } = await send(client, operation, input);
      return { status: 0, stdout: `${JSON.stringify(answer, null, 2)}\n`, stderr: "" };
    } catch (error) {
      return { status: 254, stdout: "", stderr: `${String(error)}\n` };
    } finally {
      client.destroy();
    }
  },
};

type Input = Readonly<Record<string, unknown>>;

function send(client: EKSClient, operation: string, input: Input) {
  if (operation === "create-access-entry") return client.send(new CreateAccessEntryCommand(input as never));
  if (operation === "associate-access-policy")
    return client.send(new AssociateAccessPolicyCommand(input as never));
  return assert.fail(`the demo has no aws eks ${operation}`);
}

/** Splits as the shell does. */
async function wordsOf(line: string, { env }: Person): Promise<string[]> {
  const { stdout } = await runCommand(["sh", "-c", `printf '%s\\n' ${line}`], { env });
  return stdout.split("\n").slice(0, -1);
}

/** `--cluster-name lab` is `clusterName: "lab"`. */
function optionsOf(words: readonly string[]): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (let index = 0; index < words.length; index += 2) {
    const [, flag = ""] = /^--([a-z-]+)$/.exec(words[index] ?? "") ?? [];
    const value = words[index + 1];
    assert.ok(flag !== "" && value !== undefined, `not an option with a value: ${words[index]}`);
    const name = flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    options[name] = name === "accessScope" ? scopeOf(value) : value;
  }
  return options;
}

/** The AWS CLI's shorthand: `type=namespace,namespaces=default,team-*`. */
function scopeOf(text: string): Record<string, unknown> {
  const [, type, namespaces] = /^type=(\w+)(?:,namespaces=(.+))?$/.exec(text) ?? assert.fail(text);
  return { type, ...(namespaces === undefined ? {} : { namespaces: namespaces.split(",") }) };
}

/** What the profile's own credential_process gives. */
async function credentialsOf({ env, home }: Person) {
  const command = ["kubectl-vouch", "credential", "aws", "--profile", AWS_PROFILE];
  const { status, stdout, stderr } = await runCommand(command, { env, cwd: home });
  assert.equal(status, 0, stderr);
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout) as Record<string, string>;
  assert.ok(AccessKeyId && SecretAccessKey && SessionToken);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
