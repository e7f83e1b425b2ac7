import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readSystemConfig } from "../../../token/settings/settings.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the settings of a machine", () => {
  const folder = tempFolder();
  const file = () => path.join(folder(), "config.yaml");
  const ownerId = process.getuid?.() ?? 0;
  const write = (text: string, mode = 0o644) => fs.writeFileSync(file(), text, { mode });

  onPosix("modes", "are read where their owner alone can write them", () => {
    assert.deepEqual(readSystemConfig({ file: file(), ownerId }), {});
    write("server: https://vouch.example.com\nvouchCaBundle: /etc/ca.pem\n");
    assert.deepEqual(readSystemConfig({ file: file(), ownerId }), {
      server: "https://vouch.example.com",
      vouchCaBundle: "/etc/ca.pem",
    });
  });

  it("are refused where others could have written them", () => {
    write("server: https://evil.example.com\n");
    assert.throws(() => readSystemConfig({ file: file(), ownerId: ownerId + 1 }), { code: "config-invalid" });
    fs.chmodSync(file(), 0o666);
    assert.throws(() => readSystemConfig({ file: file(), ownerId }), { code: "config-invalid" });
    fs.chmodSync(file(), 0o644);
    fs.chmodSync(folder(), 0o777);
    assert.throws(() => readSystemConfig({ file: file(), ownerId }), { code: "config-invalid" });
  });

  onPosix("modes", "name bundles by absolute paths", () => {
    write("awsCaBundle: ca.pem\n");
    assert.throws(() => readSystemConfig({ file: file(), ownerId }), /awsCaBundle must be an absolute path/);
  });
});
