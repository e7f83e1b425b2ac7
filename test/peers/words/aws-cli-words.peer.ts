import assert from "node:assert/strict";
import path from "node:path";
import {
  associatePolicy,
  createEntry,
  setGroups,
  setMode,
} from "../../../doctor/fixes/access-entry-actions.ts";
import { commandsOf } from "../../../doctor/fixes/render-fix.ts";
import { aws, type Command, structure } from "../../../token/command/command.ts";
import { renderCommand } from "../../../token/command/render-command.ts";
import { runWords } from "../../../token/command/run-words.ts";
import { SHOWN_VALUES } from "../../doctor/support/hostile-values.ts";
import { runsOf } from "../../doctor/support/printed-commands.ts";
import { runCommand } from "../../support/run-command.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { addEksModel } from "../aws-cli/aws-cli-lab.ts";
import { awsCli } from "../aws-cli/programs.ts";

const READER = path.join(import.meta.dirname, "aws-cli-requests.py");

/** A printed command, and the request it is to become. */
interface Meant {
  readonly command: Command;
  readonly request: object;
}

/** What a value becomes in each place that the AWS CLI reads in a way of its own: texts, lists, structures, lists in them. */
function meantOf(value: string): readonly Meant[] {
  const target = { cluster: value, region: "eu-west-1", partition: "aws" };
  const entry = { clusterName: value, principalArn: value };
  const scope = { type: "namespace", namespaces: [value, "web"] };
  const [only, many] = [[value], ["dev", value]];
  const first = (action: Parameters<typeof commandsOf>[0]) => commandsOf(action)[0] as Command;
  return [
    {
      command: first(createEntry(target, value, { kubernetesGroups: only, username: value })),
      request: { ...entry, kubernetesGroups: only, username: value },
    },
    {
      command: setGroups(target, { principalArn: value, username: value }, many)[0] as Command,
      request: { ...entry, kubernetesGroups: many, username: value },
    },
    {
      command: first(associatePolicy(target, value, { policyArn: value, accessScope: scope })),
      request: { ...entry, policyArn: value, accessScope: scope },
    },
    {
      command: first(setMode(target, value)),
      request: { name: value, accessConfig: { authenticationMode: value } },
    },
    {
      command: aws("eks update-cluster-config", {
        name: value,
        "resources-vpc-config": structure({ publicAccessCidrs: only, subnetIds: [] }),
      }),
      request: { name: value, resourcesVpcConfig: { publicAccessCidrs: only, subnetIds: [] } },
    },
  ];
}

/** The AWS CLI reads files, pages, JSON and its own shorthand in values. Needs versions 1 and 2 on PATH. */
describe("printed commands of the AWS CLI", () => {
  const home = tempFolder();

  for (const major of [1, 2] as const) {
    it(`become the requests that are meant, whatever the values are, in version ${major}`, async () => {
      const cli = awsCli(major);
      if (major === 2) await addEksModel(awsCli(1), cli, home());
      const meant = [...SHOWN_VALUES, ""]
        .flatMap(meantOf)
        .filter(({ command }) => "line" in renderCommand(command, "bash"));
      assert.ok(meant.length > 900, String(meant.length));
      const { status, stdout, stderr } = await runCommand([cli.python, READER], {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: home(),
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_DEFAULT_REGION: "eu-west-1",
          PYTHONUTF8: "1",
        },
        stdin: JSON.stringify(meant.map(({ command }) => runsOf(command).flatMap(runWords).slice(1))),
      });
      assert.equal(status, 0, stderr);
      const seen = JSON.parse(stdout) as readonly unknown[];
      const wrong = meant
        .map(({ command, request }, index) => ({ command, meant: request, seen: seen[index] }))
        .filter(({ meant: request, seen: answer }) => !isSame(answer, { request }));
      assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} of ${meant.length}`);
    });
  }
});

function isSame(actual: unknown, expected: unknown): boolean {
  try {
    assert.deepEqual(actual, expected);
    return true;
  } catch {
    return false;
  }
}
