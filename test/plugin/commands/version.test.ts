import assert from "node:assert/strict";
import { parse } from "yaml";
import { run } from "../../../plugin/cli.ts";
import { VERSION } from "../../../token/hot/version.ts";
import { fakeApp } from "../../support/fake-app.ts";

describe("kubectl vouch version", () => {
  const version = async (...args: string[]) => {
    const app = fakeApp({ home: "/nonexistent", platform: "darwin" });
    return { status: await run(args, app), ...app.written };
  };

  it("prints the version", async () => {
    const stdout = `kubectl-vouch ${VERSION}\n`;
    assert.deepEqual(await version("version"), { status: 0, stdout, stderr: "" });
  });

  it("prints it for --version too", async () => {
    assert.deepEqual(await version("--version"), { status: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  it("prints runtime, platform and the ExecCredentials it speaks for programs", async () => {
    const expected = {
      apiVersion: "vouch.kubectl/v1",
      kind: "Version",
      version: VERSION,
      runtime: `node ${process.versions.node}`,
      platform: `darwin/${process.arch}`,
      execCredentialVersions: ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"],
    };
    assert.deepEqual(JSON.parse((await version("version", "-o", "json")).stdout), expected);
    assert.deepEqual(parse((await version("version", "-o", "yaml")).stdout), expected);
  });
});
