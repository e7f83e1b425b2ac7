import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { makePipe } from "../../support/hostile-files.ts";
import { type LabDesk, labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

/** A context of the AWS CLI in a file of its own, whose exec block has an old API version. */
function outdated(desk: LabDesk, name: string): string {
  const { endpoint } = desk.lab.cluster;
  return desk.write(
    name,
    [
      "apiVersion: v1",
      "kind: Config",
      "current-context: u",
      `clusters: [{name: u, cluster: {server: "${endpoint}"}}]`,
      "contexts: [{name: u, context: {cluster: u, user: u}}]",
      "users:",
      "- name: u",
      "  user:",
      "    exec:",
      "      apiVersion: client.authentication.k8s.io/v1alpha1",
      "      command: aws",
      `      args: [eks, get-token, --cluster-name, ${LAB_CLUSTER}, --region, ${LAB_REGION}]`,
      "",
    ].join("\n"),
  );
}

function commandsOf({ rootCauses }: DoctorReport): string[] {
  return rootCauses.flatMap(({ fixes, falsifiedBy }) => [
    ...fixes.flatMap(({ commands }) => commands),
    ...(falsifiedBy.match(/`[^`]+`/g) ?? []),
  ]);
}

suiteOnPosix("lab", "kubectl vouch doctor --kubeconfig", () => {
  const desk = labDesk();
  const OFFLINE = ["doctor", "--offline", "-o", "json"];
  const diagnosed = async (words: readonly string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = await desk.run([...OFFLINE, ...words], { env });
    assert.match(stdout, /^\{/, stderr);
    return { status, stderr, report: JSON.parse(stdout) as DoctorReport };
  };

  it("names the file in the commands that change it, also out of a saved case", async () => {
    const file = outdated(desk, "own.yaml");
    const saved = path.join(desk.home, "case.json");
    const { report } = await diagnosed(["--kubeconfig", file, "--save", saved]);
    assert.equal(report.rootCauses[0]?.cause, "K2");
    const expected = `kubectl config set-credentials u --exec-api-version=client.authentication.k8s.io/v1beta1 --kubeconfig=${file}`;
    assert.ok(commandsOf(report).includes(expected), commandsOf(report).join("\n"));
    const again = JSON.parse((await desk.run(["doctor", "--evidence", saved, "-o", "json"])).stdout);
    assert.deepEqual(commandsOf(again), commandsOf(report));
    for (const format of ["text", "yaml", "junit", "html"]) {
      const { stdout } = await desk.run(["doctor", "--offline", "--kubeconfig", file, "-o", format]);
      const lines = stdout.split("\n").filter((line) => line.includes("set-credentials u"));
      assert.ok(lines.length > 0 && stdout.includes(`--kubeconfig=${file}`), stdout);
    }
  });

  it("names it by its full path, for commands that are run in another folder", async () => {
    const file = outdated(desk, "own.yaml");
    const { report } = await diagnosed(["--kubeconfig", path.relative(process.cwd(), file)]);
    assert.ok(commandsOf(report).some((line) => line.endsWith(`--kubeconfig=${file}`)));
  });

  it("takes the file that the command after -- names for the one that was given", async () => {
    const file = outdated(desk, "own.yaml");
    const kubectl = desk.write("bin/kubectl", '#!/bin/sh\necho "error: exec plugin: no" >&2; exit 1\n');
    fs.chmodSync(kubectl, 0o755);
    const env = { PATH: `${path.dirname(kubectl)}:${desk.lab.env["PATH"]}` };
    for (const flag of [["--kubeconfig", file], [`--kubeconfig=${file}`]]) {
      const { report } = await diagnosed(["--", "kubectl", "get", "pods", ...flag], env);
      assert.equal(report.rootCauses[0]?.cause, "K2");
      assert.ok(commandsOf(report).some((line) => line.endsWith(`--kubeconfig=${file}`)));
    }
    const { stderr } = await desk.run(
      ["doctor", "--offline", "--kubeconfig", kubectl, "--", "get", "pods", "--kubeconfig", file],
      { env },
    );
    assert.match(
      stderr,
      /^error: --kubeconfig and the command after -- specify different files\. \[usage\]$/m,
    );
  });

  it("names none where the file comes from KUBECONFIG, or is kubectl's own", async () => {
    const file = outdated(desk, "own.yaml");
    const { report } = await diagnosed([], { KUBECONFIG: file });
    assert.equal(report.rootCauses[0]?.cause, "K2");
    assert.doesNotMatch(commandsOf(report).join("\n"), /--kubeconfig/);
    outdated(desk, ".kube/config");
    assert.doesNotMatch(commandsOf((await diagnosed([])).report).join("\n"), /--kubeconfig/);
  });

  it("names it where --fix says how to take a repair back", async () => {
    const file = outdated(desk, "own.yaml");
    fs.chmodSync(file, 0o600);
    const aws = desk.write("bin/aws", "#!/bin/sh\n");
    fs.chmodSync(aws, 0o755);
    const env = { PATH: `${path.dirname(aws)}:${desk.lab.env["PATH"]}` };
    const { stderr } = await desk.run(["doctor", "--offline", "--kubeconfig", file, "--fix", "--yes"], {
      env,
    });
    assert.match(stderr, new RegExp(`^To undo it: .* --undo --kubeconfig ${file}\`$`, "m"));
    const undone = await desk.run(["setup", "eks", "--undo", "--kubeconfig", file]);
    assert.equal(undone.status, 0, undone.stderr);
    assert.match(desk.read("own.yaml"), /v1alpha1/);
  });

  const text = "apiVersion: v1\nkind: Config\ncurrent-context: a\n";
  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  const UNREADABLE: Readonly<Record<string, (file: string) => void | Promise<void>>> = {
    "random bytes": (file) => fs.writeFileSync(file, Buffer.from([0x9f, 0x12, 0xff, 0xfe, 0x80, 0x0a, 0xc3])),
    "UTF-16": (file) => fs.writeFileSync(file, utf16),
    "UTF-16 without a byte order mark": (file) => fs.writeFileSync(file, utf16.subarray(2)),
    "a named pipe": makePipe,
    "a directory": (file) => fs.mkdirSync(file),
    "a tab": (file) => fs.writeFileSync(file, `${text}clusters:\n\t- name: a\n`),
  };
  for (const [what, make] of Object.entries(UNREADABLE)) {
    it(`names K13 for ${what}, for the reason that the other commands give`, async () => {
      const file = path.join(desk.home, "odd");
      await make(file);
      const { report, status } = await diagnosed(["--kubeconfig", file]);
      assert.deepEqual([status, report.rootCauses.map(({ cause }) => cause)], [79, ["K13"]]);
      const { stdout } = await desk.run(["status", "--offline", "--kubeconfig", file, "-o", "json"]);
      const said = (JSON.parse(stdout) as { kubeconfigProblem: string }).kubeconfigProblem;
      const why = said.replace(/^(?:.*? cannot be read|Cannot use kubeconfig .*?): /, "");
      assert.equal(report.rootCauses[0]?.evidence[0], `${file}: ${why}`);
    });
  }

  it("names a key that is given twice as setup does, where kubectl passes over the context", async () => {
    const file = outdated(desk, "own.yaml");
    fs.appendFileSync(file, "contexts: []\n");
    const { report } = await diagnosed(["--kubeconfig", file]);
    const why = "lines 5 and 13 have the same key; kubectl uses the last one";
    const [cause] = report.rootCauses;
    assert.equal(cause?.summary, `Context u is in ${file}, but kubectl ignores it: ${why}.`);
    assert.deepEqual(
      cause?.fixes.flatMap(({ commands }) => commands),
      [`vi +13 ${file}`],
    );
    desk.logIn();
    const words = [
      "--cluster",
      LAB_CLUSTER,
      "--region",
      LAB_REGION,
      "--role",
      LAB_ROLE,
      "--kubeconfig",
      file,
    ];
    const { stderr } = await desk.run(["setup", "eks", ...words]);
    assert.ok(stderr.includes(why), stderr);
  });

  describe("of a file that is not there", () => {
    const named = () => path.join(desk.home, "nope");
    const THERE_IS_NONE = () => `File ${named()} not found.`;

    for (const words of [
      ["whoami"],
      ["doctor", "--all-contexts"],
      ["doctor", "--match", "prod-*"],
      ["doctor", "--evidence", "CASE", "--complete"],
    ]) {
      it(`is said by ${words.join(" ")}`, async () => {
        const saved = path.join(desk.home, "case.json");
        await diagnosed(["--kubeconfig", outdated(desk, "own.yaml"), "--save", saved]);
        const asked = words.map((word) => (word === "CASE" ? saved : word));
        const { status, stdout, stderr } = await desk.run([...asked, "--kubeconfig", named()]);
        assert.deepEqual([status, stdout], [6, ""]);
        assert.equal(stderr.split("\n")[0], `error: ${THERE_IS_NONE()} [file-unreadable]`);
        assert.ok(stderr.includes(`setup eks --cluster NAME --kubeconfig ${named()}`), stderr);
      });
    }

    it("is said by status, which shows the session all the same, and ends with 2", async () => {
      desk.logIn();
      const status = await desk.run(["status", "--offline", "--kubeconfig", named()]);
      assert.equal(status.status, 2);
      assert.ok(status.stdout.includes(`\nContexts:   unknown: ${THERE_IS_NONE()}\n`), status.stdout);
      const { stdout } = await desk.run(["status", "--offline", "--kubeconfig", named(), "-o", "json"]);
      assert.equal(JSON.parse(stdout).kubeconfigProblem, THERE_IS_NONE());
    });

    it("is said by doctor, of the current context and of one that is named", async () => {
      for (const words of [[], ["--context", "u"]]) {
        const { report } = await diagnosed(["--kubeconfig", named(), ...words]);
        assert.ok(
          report.rootCauses[0]?.evidence.includes(`File ${named()} does not exist.`),
          JSON.stringify(report.rootCauses),
        );
      }
    });

    it("is not said of one in KUBECONFIG, which kubectl passes over", async () => {
      const env = { KUBECONFIG: [named(), outdated(desk, "own.yaml")].join(path.delimiter) };
      const { stdout } = await desk.run(["status", "--offline"], { env });
      assert.match(stdout, /^Contexts: {3}none; `kubectl vouch setup eks --cluster NAME` creates one$/m);
      for (const words of [["whoami"], ["doctor", "--all-contexts", "--offline"]]) {
        const { stderr } = await desk.run(words, { env });
        assert.doesNotMatch(stderr, /There is no file|not found/);
      }
      assert.equal((await diagnosed([], env)).report.rootCauses[0]?.cause, "K2");
    });
  });

  it("names it where status offers to write a context", async () => {
    const file = desk.write("empty.yaml", "apiVersion: v1\nkind: Config\n");
    const { stdout } = await desk.run(["status", "--offline", "--kubeconfig", file]);
    assert.ok(
      stdout.includes(`\`kubectl vouch setup eks --cluster NAME --kubeconfig ${file}\` creates one`),
      stdout,
    );
  });

  it("names it where it offers to write a context", async () => {
    const file = desk.write("empty.yaml", "apiVersion: v1\nkind: Config\n");
    const { stderr } = await desk.run(["doctor", "--all-contexts", "--kubeconfig", file]);
    assert.ok(stderr.includes(`\`kubectl vouch setup eks --cluster NAME --kubeconfig ${file}\``), stderr);
    desk.logIn();
    const role = ["--region", LAB_REGION, "--role", LAB_ROLE];
    const setup = await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, ...role, "--kubeconfig", file]);
    assert.equal(setup.status, 0, setup.stderr);
    fs.writeFileSync(file, desk.read("empty.yaml").replace(/^users:[\s\S]*/m, "users: []\n"));
    const { report } = await diagnosed(["--kubeconfig", file, "--context", `${LAB_CLUSTER}-vouch`]);
    assert.equal(report.rootCauses[0]?.cause, "K15");
    assert.ok(
      commandsOf(report).some((line) => /^kubectl vouch setup eks .* --kubeconfig /.test(line)),
      commandsOf(report).join("\n"),
    );
  });
});
