import fs from "node:fs";
import path from "node:path";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { Rogue } from "./rows.ts";
import type { Traps } from "./traps.ts";

/** Programs that something of ours might look for. */
const PROGRAMS = [
  "ps",
  "sh",
  "dbus-launch",
  "aws",
  "kubectl",
  "kubectl-vouch",
  "vouch-core",
  "node",
  "uname",
];

const KEYS = ".local/share/kubectl-vouch/keys";
const STATE = ".local/state/kubectl-vouch";

/** Somebody who knows where all is on this machine, but not what is in it. */
export function makeRogue(
  folder: string,
  {
    traps,
    victimHome,
    keyId,
  }: { readonly traps: Traps; readonly victimHome: string; readonly keyId: string },
): Rogue {
  const mark = path.join(folder, "ran");
  const bin = path.join(folder, "bin");
  for (const program of PROGRAMS) write(path.join(bin, program), `#!/bin/sh\n: > '${mark}'\n`, 0o755);

  const home = path.join(folder, "home");
  const entry: CurrentSession = {
    identity: "ada@example.com",
    id: "00000000-0000-4000-8000-000000000001",
    end: Date.now() + 3_600_000,
    sessionName: "ada@example.com",
    keyStore: "file",
  };
  write(path.join(home, STATE, "current.json"), current(traps.https, entry));
  fs.mkdirSync(path.join(home, STATE, "sessions", entry.id), { recursive: true, mode: 0o700 });
  const session = {
    server: traps.https,
    identity: entry.identity,
    subject: "5f2b9b4a-8f0e-4c57-9d53-6a2b8f5f9a10",
    accessToken: "forged",
    clientId: "forged",
    keyId,
    issuedAt: Date.now(),
    expiresAt: entry.end,
    endpoints: {
      vouchCaBundle: traps.caFile,
      awsCaBundle: traps.caFile,
      stsEndpoint: traps.http,
    },
  };
  write(path.join(home, KEYS, `session%3A${entry.id}.json`), JSON.stringify(session));
  fs.symlinkSync(path.join(victimHome, KEYS, "client-key.json"), path.join(home, KEYS, "client-key.json"));
  write(
    path.join(home, ".config/kubectl-vouch/config.yaml"),
    `keyStore: file\naccount: eve@example.com\nserver: ${traps.https}\neksEndpoint: ${traps.http}\niamEndpoint: ${traps.http}\nstsEndpoint: ${traps.http}\nvouchCaBundle: ${traps.caFile}\nawsCaBundle: ${traps.caFile}\n`,
  );
  write(path.join(home, ".aws/config"), awsConfig(traps));
  write(path.join(home, ".aws/credentials"), "[default]\naws_access_key_id = x\naws_secret_access_key = y\n");
  write(path.join(home, "host-aliases"), "localhost evil.example.com\n");

  const keyringHome = path.join(folder, "keyring-home");
  write(
    path.join(keyringHome, STATE, "current.json"),
    current("https://us.vouch.sh", { ...entry, keyStore: "keyring" }),
  );
  fs.mkdirSync(path.join(keyringHome, STATE, "sessions", entry.id), { recursive: true, mode: 0o700 });
  return { traps, home, keyringHome, bin, mark, server: traps.https };
}

function current(server: string, entry: CurrentSession): string {
  const servers = { [server]: { current: entry.identity, sessions: { [entry.identity]: entry } } };
  return JSON.stringify({ version: 1, last: server, servers });
}

/** Settings of an AWS profile that his profiles have. */
export const PROFILE_SETTINGS = [
  "region",
  "credential_process",
  "endpoint_url",
  "ca_bundle",
  "services",
] as const;

function awsConfig({ http, caFile }: Traps): string {
  const settings = `region = us-east-1\nendpoint_url = ${http}\nca_bundle = ${caFile}\nservices = rogue\n`;
  const process = "credential_process = /bin/false\n";
  return `[default]\n${process}${settings}\n[profile rogue]\n${process}${settings}\n[services rogue]\nsts =\n  endpoint_url = ${http}\n`;
}

function write(file: string, text: string, mode = 0o600): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, text, { mode });
}
