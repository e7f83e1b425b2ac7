import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { onPosix } from "../../../support/platform.ts";
import { SSO_CONFIG, SSO_FILE } from "../../support/bundle.ts";
import { askingWith, fakeProbeHost } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

const CANARY = "CANARY-secret-that-opens-nothing";
const LOGIN = "[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/ada\n";

/** What the probe says of files on a machine, for a context of ours by profile dev. */
async function look(
  config: string,
  files: Readonly<Record<string, string | Error>>,
  {
    args = ["--profile", "dev"],
    env = {},
  }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<unknown> {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl-vouch",
    args: ["credential", "eks", "--cluster-name", "lab", "--region", "eu-west-1", ...args],
  };
  const all: Readonly<Record<string, string | Error>> = {
    [KUBECONFIG]: kubeconfigOf({ user: { exec } }),
    "/home/ada/.aws/config": config,
    ...files,
  };
  const readText = (file: string) => {
    const text = all[file];
    if (text instanceof Error) throw text;
    return text;
  };
  const host = fakeProbeHost({ env, readText });
  const start = evidenceWith({ environment: env });
  const evidence = {
    ...start,
    awsConfig: await PROBES.awsConfig.ask(askingWith({ evidence: start, host })),
    awsCredentials: await PROBES.awsCredentials.ask(askingWith({ evidence: start, host })),
  } as DoctorEvidence;
  return PROBES.sourceFiles.ask(askingWith({ evidence, host }));
}

describe("the probe of sessions and token files", () => {
  const session = {
    startUrl: "https://corp.awsapps.com/start",
    region: "eu-west-1",
    accessToken: CANARY,
    refreshToken: CANARY,
    clientSecret: CANARY,
    expiresAt: "2026-01-15T18:00:00UTC",
  };
  const seen = {
    kind: "sso",
    path: SSO_FILE,
    state: "there",
    expiresAt: "2026-01-15T18:00:00.000Z",
    refreshable: true,
    startUrl: "https://corp.awsapps.com/start",
    region: "eu-west-1",
  };

  onPosix(
    "paths",
    "says of a session of Identity Center until when it is, and shows no secret of it",
    async () => {
      const found = await look(SSO_CONFIG, { [SSO_FILE]: JSON.stringify(session) });
      assert.deepEqual(found, [seen]);
      assert.equal(JSON.stringify(found).includes(CANARY), false);
    },
  );

  onPosix("paths", "looks for it under the home of whoever asks, whatever a variable says", async () => {
    const env = { HOME: "/tmp/elsewhere" };
    assert.deepEqual(await look(SSO_CONFIG, { [SSO_FILE]: JSON.stringify(session) }, { env }), [seen]);
  });

  onPosix("paths", "finds it at the end of a chain of roles", async () => {
    const config = `[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = corp\n${SSO_CONFIG.replace("profile dev", "profile corp")}`;
    assert.deepEqual(await look(config, { [SSO_FILE]: JSON.stringify(session) }), [seen]);
  });

  const others = {
    absent: undefined,
    unreadable: [
      "{",
      JSON.stringify({ theme: "dark" }),
      JSON.stringify({ ...session, expiresAt: "soon" }),
      new VouchError("file-unreadable", "It cannot be read."),
    ],
  };
  for (const [state, contents] of Object.entries(others))
    onPosix("paths", `says that a session is ${state}`, async () => {
      for (const content of [contents].flat())
        assert.deepEqual(await look(SSO_CONFIG, content === undefined ? {} : { [SSO_FILE]: content }), [
          { kind: "sso", path: SSO_FILE, state },
        ]);
    });

  onPosix("paths", "looks for a session of `aws login` where its variable says, else at home", async () => {
    const login = JSON.stringify({
      accessToken: { expiresAt: "2026-01-15T12:10:00Z", secretAccessKey: CANARY },
    });
    const [atHome] = (await look(LOGIN, {})) as [{ readonly path: string }];
    const name = atHome.path.replace("/home/ada/.aws/login/cache/", "");
    assert.match(name, /^[0-9a-f]{64}\.json$/);
    const env = { AWS_LOGIN_CACHE_DIRECTORY: "/var/login" };
    assert.deepEqual(await look(LOGIN, { [`/var/login/${name}`]: login }, { env }), [
      {
        kind: "login",
        path: `/var/login/${name}`,
        state: "there",
        expiresAt: "2026-01-15T12:10:00.000Z",
        refreshable: false,
      },
    ]);
  });

  it("says of a web identity only whether its file is there, and of a relative path nothing", async () => {
    const ambient = { args: ["--ambient"] };
    const pod = (file: string) => ({
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/Pod",
    });
    const path = "/run/token";
    const found = await look("", { [path]: CANARY }, { ...ambient, env: pod(path) });
    assert.deepEqual(found, [{ kind: "web-identity", path, state: "there" }]);
    assert.deepEqual(await look("", { [path]: "\n" }, { ...ambient, env: pod(path) }), [
      { kind: "web-identity", path, state: "unreadable" },
    ]);
    assert.deepEqual(await look("", {}, { ...ambient, env: pod(path) }), [
      { kind: "web-identity", path, state: "absent" },
    ]);
    assert.deepEqual(await look("", {}, { ...ambient, env: pod("token") }), []);
  });

  onPosix("paths", "has nothing to look for where keys or a process give the credentials", async () => {
    assert.deepEqual(await look("[profile dev]\ncredential_process = /bin/x\n", {}), []);
  });

  onPosix("paths", "looks for what an AWS CLI and aws-iam-authenticator need, too", async () => {
    for (const command of ["aws", "aws-iam-authenticator"]) {
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command,
        args: command === "aws" ? ["eks", "get-token"] : ["token", "-i", "lab"],
        env: [{ name: "AWS_PROFILE", value: "dev" }],
      };
      assert.deepEqual(await look(SSO_CONFIG, { [KUBECONFIG]: kubeconfigOf({ user: { exec } }) }), [
        { kind: "sso", path: SSO_FILE, state: "absent" },
      ]);
    }
  });
});
