import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { webauthnHelper } from "../../../plugin/programs/webauthn-helper.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

suiteOnPosix("programs", "the helper for webauthn.dll", () => {
  const folder = tempFolder();
  const program = () => path.join(folder(), "store", "kubectl-vouch.exe");
  const install = (script: string) => {
    const file = path.join(path.dirname(program()), "vouch-webauthn.exe");
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  };
  const run = async (script: string, act: "wait" | "cancel" | "kill" = "wait") => {
    install(script);
    let heard = "";
    const helper = (webauthnHelper(program()) ?? assert.fail())("request\n\n", (text) => {
      heard += text;
      if (act !== "wait") helper[act]();
    });
    return [await helper.ended, heard];
  };
  beforeEach(() => {
    fs.mkdirSync(path.dirname(program()));
    fs.writeFileSync(program(), "");
  });

  it("is beside the running program, whatever link it was started by", async () => {
    const link = path.join(folder(), "kubectl-vouch.exe");
    fs.symlinkSync(program(), link);
    assert.equal(webauthnHelper(link), undefined);
    fs.writeFileSync(path.join(folder(), "vouch-webauthn.exe"), "beside the link", { mode: 0o700 });
    assert.equal(webauthnHelper(link), undefined);
    install("exit 0");
    assert.notEqual(webauthnHelper(link), undefined);
  });

  it("gets the request, no arguments and no variables of ours", async () => {
    process.env["CANARY"] = "1";
    try {
      const [status, heard] = await run(
        'read -r line; echo "$line $# $(env | grep -c -e CANARY -e HOME)"; exit 5',
      );
      assert.deepEqual([status, heard], [5, "request 0 0\n"]);
    } finally {
      delete process.env["CANARY"];
    }
  });

  it("is canceled by the end of its standard input", async () => {
    const script = "echo api; while read -r line; do :; done; echo canceled";
    assert.deepEqual(await run(script, "cancel"), [0, "api\ncanceled\n"]);
  });

  it("can be killed", async () => {
    assert.deepEqual(await run("echo api; exec sleep 60", "kill"), [null, "api\n"]);
  });

  it("may end without reading its request, or not start at all", async () => {
    assert.deepEqual(await run("exec 0<&-; exit 3"), [3, ""]);
    install("");
    fs.chmodSync(path.join(path.dirname(program()), "vouch-webauthn.exe"), 0o600);
    const { ended } = (webauthnHelper(program()) ?? assert.fail())("", () => undefined);
    await assert.rejects(ended, { code: "EACCES" });
  });
});
