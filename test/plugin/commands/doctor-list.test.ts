import assert from "node:assert/strict";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch doctor --list", () => {
  const desk = labDesk();

  for (const format of ["junit", "github", "short", "html"])
    it(`is refused with -o ${format}, which is for a report`, async () => {
      const { status, stdout, stderr } = await desk.run(["doctor", "--list", "-o", format]);
      assert.deepEqual([status, stdout], [64, ""]);
      assert.ok(stderr.startsWith(`error: --list and -o ${format} cannot be combined. [usage]\n`), stderr);
    });

  it("is a table, JSON or YAML", async () => {
    const first = async (format: string) =>
      (await desk.run(["doctor", "--list", "-o", format])).stdout.split(/\s/, 1)[0];
    assert.deepEqual(
      [await first("text"), await first("json"), await first("yaml")],
      ["CODE", "{", "apiVersion:"],
    );
  });
});

suiteOnPosix("lab", "kubectl vouch doctor", () => {
  const desk = labDesk();

  const WITHOUT_ONE = "Omit one of them.";
  const SECONDS = "For example: `kubectl vouch doctor --wait 60`.";
  for (const [line, message, hint] of [
    ["-A --list", "--list and --all-namespaces cannot be combined.", WITHOUT_ONE],
    ["-A -- get pods", "--all-namespaces and the command after -- cannot be combined.", WITHOUT_ONE],
    ["--wait 60 --error x", "--wait and --error cannot be combined.", WITHOUT_ONE],
    ["--wait soon", "--wait must be a number of seconds.", SECONDS],
    ["--wait -1", "--wait must be a number of seconds.", SECONDS],
  ] as const)
    it(`refuses \`${line}\``, async () => {
      assert.deepEqual(await desk.run(["doctor", ...line.split(" ")]), {
        status: 64,
        stdout: "",
        stderr: `error: ${message} [usage]\n${hint}\n`,
      });
    });
});
