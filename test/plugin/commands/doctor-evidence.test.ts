import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { healthyBundle } from "../../doctor/support/bundle.ts";
import { FAULTS } from "../../doctor/support/faults.ts";
import { reportOn } from "../../doctor/support/report-case.ts";
import { makePipe } from "../../support/hostile-files.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch doctor --evidence", () => {
  const desk = labDesk();
  const { bundle: fault } = FAULTS.find(({ row }) => row === "E1") ?? assert.fail();
  const written = (bundle: DoctorEvidence) => desk.write("case.json", JSON.stringify(bundle));
  const causes = (stdout: string) =>
    (JSON.parse(stdout) as DoctorReport).rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`);

  describe("with --context", () => {
    it("does not call somebody else's case by another context's name", async () => {
      const file = written(fault);
      const { status, stdout, stderr } = await desk.run(["doctor", "--evidence", file, "--context", "nope"]);
      assert.deepEqual([status, stdout], [64, ""]);
      assert.match(stderr, /^error: The evidence is about context lab, but --context is nope\. \[usage\]$/m);
      const own = await desk.run(["doctor", "--evidence", file, "--context", "lab", "-o", "json"]);
      assert.deepEqual([own.status, causes(own.stdout)], [79, ["E1 certain"]]);
    });

    it("says so too where the evidence names none", async () => {
      const { kubeconfig: _, ...rest } = fault;
      const { status, stderr } = await desk.run(["doctor", "--evidence", written(rest), "--context", "nope"]);
      assert.equal(status, 64);
      assert.match(
        stderr,
        /^error: The evidence does not include the name of its context, so --context cannot be used\. \[usage\]$/m,
      );
    });

    it("says with --complete that a context is not there", async () => {
      const asked = ["doctor", "--evidence", written(fault), "--complete", "--context", "nope"];
      for (const more of [[], ["--redact"]]) {
        const { status, stderr } = await desk.run([...asked, ...more]);
        assert.equal(status, 6, stderr);
        assert.match(stderr, /^error: Context nope not found in the kubeconfig\. \[context-missing\]$/m);
        assert.doesNotMatch(stderr, /no cluster/);
      }
    });

    it("names no server and no cluster with --complete and --redact", async () => {
      desk.write(
        ".kube/config",
        "apiVersion: v1\nkind: Config\nclusters: [{ name: x, cluster: { server: 'https://k8s.acme-corp.com' } }]\ncontexts: [{ name: x, context: { cluster: x, user: x } }]\nusers: [{ name: x, user: {} }]\n",
      );
      for (const more of [[], ["--context", "x"]]) {
        const asked = ["doctor", "--evidence", written(fault), "--complete", ...more];
        assert.match((await desk.run(asked)).stderr, /0123456789ABCDEF/);
        const { status, stderr } = await desk.run([...asked, "--redact"]);
        assert.notEqual(status, 0);
        assert.doesNotMatch(stderr, /acme|0123456789ABCDEF|--name lab/);
      }
    });
  });

  it("replaces no text of aws-auth that only the case states, whatever version it names", async () => {
    const patches = (bundle: DoctorEvidence) =>
      JSON.stringify(reportOn(bundle).rootCauses[0]).includes("kubectl patch configmap");
    const [patched] = FAULTS.filter(({ bundle }) => patches(bundle));
    const { stdout } = await desk.run(["doctor", "--evidence", written(patched?.bundle ?? assert.fail())]);
    assert.match(stdout, /kubectl edit configmap aws-auth/);
    assert.doesNotMatch(stdout, /kubectl patch/);
  });

  it("prints the report, too, where the evidence cannot be saved", async () => {
    const place = path.join(desk.home, "no", "such", "case.json");
    const asked = ["doctor", "--evidence", written(fault), "-o", "json", "--save", place];
    const { status, stdout, stderr } = await desk.run(asked);
    assert.deepEqual([status, causes(stdout)], [6, ["E1 certain"]]);
    assert.match(stderr, /case\.json cannot be written: its folder does not exist\. \[file-unwritable\]/);
  });

  it("says of an empty file that it is empty", async () => {
    const { status, stderr } = await desk.run(["doctor", "--evidence", desk.write("none.json", "\n")]);
    assert.equal(status, 6);
    assert.match(stderr, /^error: \S+none\.json is empty\. \[evidence-invalid\]$/m);
  });

  describe("of what is no file", () => {
    it("reads standard input, as - and by its names", async () => {
      for (const name of ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]) {
        const asked = ["doctor", "--evidence", name, "-o", "json"];
        const { status, stdout } = await desk.run(asked, { stdin: JSON.stringify(fault) });
        assert.deepEqual([status, causes(stdout)], [79, ["E1 certain"]], name);
      }
      const healthy = await desk.run(["doctor", "--evidence", "-"], {
        stdin: JSON.stringify(healthyBundle()),
      });
      assert.equal(healthy.status, 0, healthy.stdout);
    });

    it("says that nothing came where nothing did", async () => {
      const { status, stdout, stderr } = await desk.run(["doctor", "--evidence", "-"], { stdin: "\n" });
      assert.deepEqual([status, stdout], [6, ""]);
      assert.match(stderr, /^error: Standard input is empty\. \[evidence-invalid\]\n/);
    });

    it("reads a pipe, as shells make them of <(…)", async () => {
      const pipe = path.join(desk.home, "pipe");
      await makePipe(pipe);
      const script = ["-c", 'cat "$0" > "$1"', written(fault), pipe];
      const writer = spawn("/bin/sh", script, { stdio: "ignore", env: {} });
      const { status, stdout } = await desk.run(["doctor", "--evidence", pipe, "-o", "json"]);
      writer.kill();
      assert.deepEqual([status, causes(stdout)], [79, ["E1 certain"]]);
    });

    for (const encoding of ["utf16le", "utf8"] as const)
      it(`reads a file in ${encoding} with a byte order mark, as shells of Windows write it`, async () => {
        const file = path.join(desk.home, "case.txt");
        fs.writeFileSync(file, `\ufeff${JSON.stringify(fault)}`, encoding);
        const { stdout } = await desk.run(["doctor", "--evidence", file, "-o", "json"]);
        const { rootCauses } = JSON.parse(stdout) as { rootCauses: { cause: string }[] };
        assert.equal(rootCauses[0]?.cause, "E1");
      });

    it("calls a file by the name under which it arrives", async () => {
      const { stdout } = await desk.run(["doctor", "--evidence", written(fault), "-o", "message"]);
      assert.match(stdout, / --evidence case\.json --complete$/m);
    });

    it("prints only the message with -o message, and says why there is none", async () => {
      const { status, stdout } = await desk.run(["doctor", "--evidence", written(fault), "-o", "message"]);
      assert.equal(status, 79);
      assert.match(stdout, /^I cannot work on EKS cluster lab .*\n.*^ {2}aws eks create-access-entry /ms);
      const healthy = await desk.run(["doctor", "--evidence", written(healthyBundle()), "-o", "message"]);
      assert.deepEqual(
        [healthy.status, healthy.stdout, healthy.stderr],
        [0, "", "No message for a cluster admin: nothing is wrong.\n"],
      );
    });

    it("names no file to attach that is none", async () => {
      const { stdout } = await desk.run(["doctor", "--evidence", "-"], { stdin: JSON.stringify(fault) });
      const said = stdout.replaceAll(/\s+/g, " ");
      assert.match(said, /run this again with `-o message --save case\.json` for the text to send;/);
    });

    it("says of a bundle that is none where it came from", async () => {
      const empty = await desk.run(["doctor", "--evidence", "-"], { stdin: "" });
      assert.match(empty.stderr, /\[evidence-invalid\]/);
      const folder = await desk.run(["doctor", "--evidence", desk.home]);
      assert.match(folder.stderr, /no file there ends in \.json\. \[evidence-invalid\]/);
    });

    it("is read once", async () => {
      const { status, stderr } = await desk.run(["doctor", "--evidence", "-", "--error", "-"], {
        stdin: "x",
      });
      assert.equal(status, 64);
      assert.match(stderr, /^error: --evidence - and --error - cannot be combined\. \[usage\]$/m);
    });
  });

  describe("of what was copied from a terminal", () => {
    const REFUSED = "error: You must be logged in to the server (Unauthorized)";
    const TERMINAL = `$ kubectl get pods\n${REFUSED}\n$ aws eks describe-cluster --name lab\n{"cluster":{"name":"lab","accessConfig":{"authenticationMode":"API"}}}\n$ aws sts get-caller-identity\n{"Account":"111122223333","Arn":"arn:aws:sts::111122223333:assumed-role/Dev/ada"}\n$ aws eks list-access-entries --cluster-name lab\n{"accessEntries":[]}\n$ uname\nLinux\n`;

    it("judges it, and says what each piece was taken for", async () => {
      const asked = ["doctor", "--evidence", "-", "-o", "json"];
      const { status, stdout, stderr } = await desk.run(asked, { stdin: TERMINAL });
      assert.deepEqual([status, causes(stdout)], [79, ["E1 likely"]]);
      assert.equal(
        stderr,
        "The text was interpreted as:\n  line 2: the failure to diagnose\n  line 4: the EKS description of the cluster\n  line 6: the caller's AWS identity\n  line 8: the list of access entries\n  line 10: not recognized\n",
      );
    });

    it("does not ask to attach a file that may hold secrets", async () => {
      const file = desk.write("terminal.txt", TERMINAL);
      const { stdout } = await desk.run(["doctor", "--evidence", file]);
      assert.match(stdout, /\(E1, likely\)/);
      assert.doesNotMatch(stdout, /terminal\.txt/);
    });

    it("keeps no piece of a token that the window has wrapped", async () => {
      const token = `IQoJ${"Zm9vYmFyL2Jhei9xdXV4".repeat(20)}FRQFLGS2dGFpbA==`;
      const env = `AWS_PROFILE=dev\nAWS_SESSION_TOKEN=${token}\n`.replaceAll(/.{80}/g, "$&\n");
      const asked = ["doctor", "--evidence", "-", "--save", path.join(desk.home, "case.json")];
      const { status, stdout, stderr } = await desk.run(asked, { stdin: `${TERMINAL}$ env\n${env}` });
      assert.equal(status, 79, stderr);
      const saved = desk.read("case.json");
      assert.match(saved, /"AWS_PROFILE": "dev"/);
      assert.doesNotMatch(`${saved}${stdout}${stderr}`, /FRQFLGS2|Zm9vYmFy/);
    });

    it("calls lines by their numbers in the text, though a token is explained above them", async () => {
      const credential = JSON.stringify({
        kind: "ExecCredential",
        apiVersion: "client.authentication.k8s.io/v1beta1",
        spec: {},
        status: {
          token: `k8s-aws-v1.${Buffer.from("https://sts.amazonaws.com/?x=y").toString("base64url")}`,
        },
      });
      const stdin = `$ aws eks get-token --cluster-name lab\n${credential}\n${TERMINAL}`;
      const { stderr } = await desk.run(["doctor", "--evidence", "-"], { stdin });
      assert.match(stderr, /^ {2}line 2: output of the credential plugin$/m);
      assert.match(stderr, /^ {2}line 2: the contents of an EKS token$/m);
      assert.match(stderr, /^ {2}line 4: the failure to diagnose$/m);
      assert.match(stderr, /^ {2}line 6: the EKS description of the cluster$/m);
    });

    it("says where nothing in it is known", async () => {
      const { status, stderr } = await desk.run(["doctor", "--evidence", "-"], { stdin: "$ ls\n" });
      assert.equal(status, 6);
      assert.match(
        stderr,
        /^error: Nothing in it was recognized: it is not a client error, .*\[evidence-invalid\]\n/,
      );
    });
  });

  it("is never saved to standard output, where the report is", async () => {
    const { status, stdout, stderr } = await desk.run([
      "doctor",
      "--evidence",
      written(fault),
      "--save",
      "-",
    ]);
    assert.deepEqual([status, stdout], [64, ""]);
    assert.match(stderr, /^error: --save must be a file; standard output is for the report\. \[usage\]$/m);
    assert.match(stderr, /kubectl vouch doctor --save case\.json/);
  });
});
