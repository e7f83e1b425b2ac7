import fs from "node:fs";
import path from "node:path";
import type { Lab } from "../lab.ts";
import { editContext } from "./kubeconfig-edit.ts";
import { CONTEXTS } from "./lab-fault.ts";

/** Writes `~/.aws/config`; profiles other than `default` begin with the word. */
export function writeAwsConfig({ home }: Lab, text: string): void {
  fs.writeFileSync(path.join(home, ".aws", "config"), text, { mode: 0o600 });
}

/** Names the profile in the entry of grace, as `update-kubeconfig` does; or none. */
export function setProfile(kubeconfig: string, profile: string | undefined): void {
  editContext(kubeconfig, CONTEXTS.grace, ({ exec }) => {
    exec.env = profile === undefined ? null : [{ name: "AWS_PROFILE", value: profile }];
  });
}

/** Has the AWS CLI's context run another program. */
export function setProgram(kubeconfig: string, program: string): void {
  editContext(kubeconfig, CONTEXTS.grace, ({ exec }) => {
    exec.command = program;
  });
}

/** Adds a profile to `~/.aws/credentials`, with the keys as variables have them. */
export function addCredentials(home: string, profile: string, keys: Readonly<Record<string, string>>): void {
  const lines = Object.entries(keys).map(([name, value]) => `${name.toLowerCase()} = ${value}\n`);
  fs.appendFileSync(path.join(home, ".aws", "credentials"), `\n[${profile}]\n${lines.join("")}`);
}
