import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { labDesk } from "../../support/lab-desk.ts";

describe("kubectl vouch cache, of tokens that are not as a mint writes them", () => {
  const desk = labDesk();
  const sessions = () => path.join(desk.home, ".local/state/kubectl-vouch/sessions");
  const plant = (name: string, key: string, mode: number) => {
    const [session = ""] = fs.readdirSync(sessions());
    const file = path.join(sessions(), session, name);
    fs.writeFileSync(file, JSON.stringify({ key, token: "k8s-aws-v1.canary", expires: 0 }), { mode });
    fs.chmodSync(file, mode);
    return file;
  };

  it("lists one whose key it cannot read, and clears it and one that others may read", async () => {
    desk.logIn();
    const files = [plant("token-1.json", "of another version", 0o600), plant("token-2.json", "[]", 0o644)];
    const { status, stdout } = await desk.run(["cache", "list"]);
    assert.deepEqual(
      { status, stdout },
      {
        status: 0,
        stdout: "CLUSTER  REGION  ROLE  IDENTITY  LIVES\n                                 expired\n",
      },
    );
    assert.deepEqual(await desk.run(["cache", "clear"]), {
      status: 0,
      stdout: "",
      stderr: "Removed 2 tokens and AWS credentials of 0 roles.\n",
    });
    assert.deepEqual(files.filter(fs.existsSync), []);
  });
});
