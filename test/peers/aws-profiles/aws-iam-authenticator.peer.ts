/**
 * The kinds of test/doctor/derive/identity/go-kinds.ts before the real aws-iam-authenticator, which has AWS's SDK for Go:
 * whose key signs its token, or what it asks for when it cannot have it.
 *
 * Needs Go, or the programs in the cache. No network but loopback.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { SourceKind } from "../../../doctor/derive/identity/aws-source.ts";
import {
  GO_KINDS,
  GO_READS_OTHERWISE,
  GO_REFUSES,
  goKinds,
  kindsOf,
} from "../../doctor/derive/identity/go-kinds.ts";
import { runCommand } from "../../support/run-command.ts";
import { CASE_GROUPS } from "../../token/aws/sources/cases.ts";
import type { SourceCase } from "../../token/aws/sources/source-case.ts";
import { goProgram } from "../go/programs.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What it says or signs with, by the source. A role that is assumed is asked for, or a code for it. */
const SIGNS: Readonly<Record<SourceKind, RegExp>> = {
  vouch: /^never$/,
  environment: /^key E$/,
  "credentials-file": /^key [BCD]$/,
  "config-file": /^key [BCD]$/,
  process: /^key process$|process provider error/,
  container: /^key container$/,
  "instance-metadata": /^key instance-metadata$/,
  "assume-role": /operation error STS: AssumeRole,|Assume Role MFA token code/,
  "web-identity": /operation error STS: AssumeRoleWithWebIdentity/,
  sso: /cached SSO token/,
  login: /load login token/,
  nothing: /could not create config|Error using profile|partial credentials|unexpected end of JSON/,
};

describe("sources of credentials, as aws-iam-authenticator chooses them", () => {
  let machine: Machine;
  before(async () => {
    machine = await startMachine();
  });
  after(() => machine.close());

  const exceptions = { ...GO_READS_OTHERWISE, ...GO_REFUSES };
  const cases = Object.values(CASE_GROUPS).flat();

  it("are declared once, for cases that there are and for which the AWS CLI has another kind", () => {
    const declared = [
      ...Object.keys(GO_KINDS),
      ...Object.keys(GO_READS_OTHERWISE),
      ...Object.keys(GO_REFUSES),
    ];
    assert.deepEqual(declared, [...new Set(declared)]);
    const names = cases.map(({ name }) => name);
    assert.deepEqual(
      declared.filter((name) => !names.includes(name)),
      [],
    );
    const same = cases.filter(({ name, ours, cli2 }) => kindsOf(cli2 ?? ours)[0] === GO_KINDS[name]);
    assert.deepEqual(
      same.map(({ name }) => name),
      [],
    );
  });

  for (const each of cases)
    it(each.name, async () => {
      const said = await answerTo(each, machine.url);
      const signs =
        exceptions[each.name] ??
        new RegExp(
          goKinds(each)
            .map((kind) => SIGNS[kind].source)
            .join("|"),
        );
      assert.match(said, signs);
    });
});

async function answerTo(
  { config, credentials, env = {}, profile }: SourceCase,
  machine: string,
): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "go-sources-"));
  const filled = (text: string) => text.replaceAll("DIR", folder).replaceAll("URL", machine);
  const files = { config, credentials, web: "token", other: "token" };
  for (const [name, text] of Object.entries(files))
    if (text !== undefined) fs.writeFileSync(path.join(folder, name), filled(text));
  const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
  const { stdout, stderr } = await runCommand(
    [goProgram("aws-iam-authenticator"), "token", "-i", "lab", "--token-only"],
    {
      env: {
        HOME: folder,
        PATH: "/usr/bin:/bin",
        AWS_CONFIG_FILE: path.join(folder, "config"),
        AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "credentials"),
        AWS_REGION: "eu-west-1",
        AWS_EC2_METADATA_SERVICE_ENDPOINT: machine,
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        AWS_MAX_ATTEMPTS: "1",
        ...variables,
        ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
      },
    },
  );
  fs.rmSync(folder, { recursive: true });
  const url = Buffer.from(stdout.trim().slice("k8s-aws-v1.".length), "base64url").toString();
  const [, key] = /X-Amz-Credential=([^%&]+)/.exec(url) ?? [];
  return key === undefined ? stderr : `key ${key}`;
}
