import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { succeeded } from "../../end-to-end/lab-person.ts";
import { installBuiltProgram } from "../../lab/lab-program.ts";
import { runCommand } from "../../support/run-command.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "../kubectl/fetch.ts";
import { runInTerminal } from "../kubectl/kubectl-terminal.ts";
import { haveShells } from "./shells.ts";

/** Shells cut this at its colons, and quote that one. */
const ARN_CONTEXT = "arn:aws:eks:us-east-1:111122223333:cluster/other";
const ODD_CONTEXT = "my odd $context";

const KUBECONFIG = {
  contexts: ["lab-vouch", ARN_CONTEXT, ODD_CONTEXT].map((name) => ({ name, context: { cluster: "lab" } })),
};

/** The built program as krew puts it there: a link on PATH, to a store that each upgrade moves. */
describe("completion", () => {
  let home = "";
  let bin = "";
  let searchPath = "";
  const env = (more = {}) => ({ HOME: home, PATH: searchPath, LC_ALL: "C.UTF-8", ...more });
  const run = (command: readonly string[]) => runCommand(command, { env: env(), cwd: home });

  before(async () => {
    await haveShells();
    home = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-completion-"));
    const store = path.join(home, "store", "v1");
    bin = path.join(home, "bin");
    installBuiltProgram(store);
    fs.mkdirSync(bin);
    fs.symlinkSync(path.join(store, "kubectl-vouch"), path.join(bin, "kubectl-vouch"));
    fs.mkdirSync(path.join(home, ".kube"));
    fs.writeFileSync(path.join(home, ".kube", "config"), stringify(KUBECONFIG));
    searchPath = `${bin}:/usr/bin:/bin`;
  });
  after(() => fs.rmSync(home, { recursive: true, force: true }));

  for (const release of KUBECTL_RELEASES) {
    describe(`asked for by kubectl 1.${release.slice(1)}`, () => {
      let kubectl = "";
      const vouch = async (line: string) => {
        const { status, stdout, stderr } = await run([kubectl, "vouch", ...line.split(" ")]);
        assert.equal(status, 0, stderr);
        return { stdout, stderr };
      };
      /** What kubectl's own completion answers. It tells on stderr what it does; we must add nothing. */
      async function complete(line: string): Promise<string[]> {
        const { status, stdout, stderr } = await run([kubectl, "__complete", "vouch", ...line.split(" ")]);
        assert.equal(status, 0, stderr);
        assert.match(stderr, /^(?:\[Debug\] .*\n)*Completion ended with directive: \w+\n$/);
        return stdout.split("\n").filter((one) => one !== "" && !one.startsWith("[Debug] "));
      }

      before(async () => {
        kubectl = await fetchKubectl(release);
      });

      it("is silent before it is installed", async () => {
        assert.deepEqual(await complete("stat"), [":0"]);
      });

      describe("once it is installed", () => {
        before(() => vouch("completion install"));
        after(async () => {
          await vouch("completion uninstall");
          assert.deepEqual(fs.readdirSync(bin), ["kubectl-vouch"]);
        });

        it("lies beside the link", () => {
          assert.deepEqual(fs.readdirSync(bin).sort(), ["kubectl-vouch", "kubectl_complete-vouch"]);
        });

        it("names commands and what they do", async () => {
          const lines = await complete("");
          assert.ok(
            lines.includes("login\tLog in to Vouch with your security key, or log in for an AWS profile"),
            lines.join("\n"),
          );
          assert.equal(lines.at(-1), ":4");
          assert.deepEqual(await complete("setup ek"), [
            "eks\tWrite a kubectl context for an EKS cluster",
            ":4",
          ]);
        });

        it("names options that are not given yet", async () => {
          assert.deepEqual(await complete("setup eks --region=eu-west-1 --regi"), [
            "--regions\tRegions to search; --list adds them to the profile's; all: every region",
            ":4",
          ]);
        });

        it("names choices, contexts and rows, and leaves files to the shell", async () => {
          assert.deepEqual(await complete("status --output=j"), ["json", ":4"]);
          assert.deepEqual(await complete("status -o "), ["text", "wide", "json", "yaml", ":4"]);
          assert.deepEqual(await complete("whoami --context "), ["lab-vouch", ARN_CONTEXT, ":4"]);
          assert.match((await complete("explain E3"))[0] ?? "", /^E3\t./);
          assert.deepEqual(await complete("whoami --kubeconfig "), [":0"]);
          assert.deepEqual(await complete("doctor -- get po"), [":0"]);
        });

        it("is what zsh shows behind `kubectl vouch`", async () => {
          const setup = `PATH=${path.dirname(kubectl)}:$PATH\nsource <(kubectl completion zsh)\n`;
          await typeIn("zsh", {
            setup,
            typed: "kubectl vouch whoami --context=arn:",
            shown: `kubectl vouch whoami --context=${ARN_CONTEXT} `,
          });
        });
      });
    });
  }

  describe("in the shell itself", () => {
    const cases: [typed: string, shown: string][] = [
      ["kubectl-vouch stat", "kubectl-vouch status "],
      ["kubectl-vouch status --output=j", "kubectl-vouch status --output=json "],
      ["kubectl-vouch status --output j", "kubectl-vouch status --output json "],
      ["kubectl-vouch whoami --context arn:aws:", `kubectl-vouch whoami --context ${ARN_CONTEXT} `],
      ["kubectl-vouch whoami --context=arn:aws:", `kubectl-vouch whoami --context=${ARN_CONTEXT} `],
      ["kubectl-vouch whoami --kubeconfig ./.kube/c", "kubectl-vouch whoami --kubeconfig ./.kube/config "],
      ["kubectl-vouch whoami --kubeconfig=./.kube/c", "kubectl-vouch whoami --kubeconfig=./.kube/config "],
    ];
    for (const shell of ["bash", "zsh"] as const) {
      for (const [typed, shown] of cases) {
        it(`is right in ${shell} for \`${typed}\``, async () => {
          await typeIn(shell, { setup: `source <(kubectl-vouch completion ${shell})\n`, typed, shown });
        });
      }
    }

    it("is right in bash when words are not cut at = and :", async () => {
      const setup = "COMP_WORDBREAKS=' '\nsource <(kubectl-vouch completion bash)\n";
      const typed = "kubectl-vouch whoami --context=arn:aws:";
      await typeIn("bash", { setup, typed, shown: `kubectl-vouch whoami --context=${ARN_CONTEXT} ` });
    });

    /** Words as bash cuts them, and what it would show. */
    async function bash(...words: string[]): Promise<string[]> {
      const script = `source <(kubectl-vouch completion bash)
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE=$LINE; COMP_POINT=\${#LINE}
        __kubectl_vouch_complete kubectl-vouch
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      const LINE = words.join(" ").replaceAll(/ ([=:]) /g, "$1");
      const command = ["bash", "--norc", "-euc", script, "bash", ...words];
      const { status, stdout, stderr } = await runCommand(command, { env: env({ LINE }), cwd: home });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      return stdout.split("\n").slice(0, -1);
    }

    it("answers bash with all that may follow", async () => {
      assert.deepEqual(await bash("kubectl-vouch", "setup", ""), ["eks", "aws"]);
      assert.deepEqual(await bash("kubectl-vouch", "status", "--output", "=", ""), [
        "text",
        "wide",
        "json",
        "yaml",
      ]);
      assert.deepEqual(await bash("kubectl-vouch", "whoami", "--context", "arn", ":", "aws", ":", "e"), [
        "eks:us-east-1:111122223333:cluster/other",
      ]);
      assert.deepEqual(await bash("kubectl-vouch", "nonsense", ""), [""]);
    });

    it("answers fish with all that may follow", async () => {
      const complete = async (typed: string) => {
        const script = 'kubectl-vouch completion fish | source; complete -C "$argv"';
        return succeeded(await run(["fish", "--no-config", "-c", script, `kubectl-vouch ${typed}`]));
      };
      assert.equal(
        await complete("stat"),
        "status\tShow who is logged in, for how long, and for which contexts\n",
      );
      assert.equal(await complete("status --output=j"), "--output=json\n");
      assert.equal(await complete("whoami --context=arn:"), `--context=${ARN_CONTEXT}\n`);
      assert.equal(await complete("whoami --kubeconfig ./.kube/c"), "./.kube/config\n");
      assert.equal(await complete("whoami --kubeconfig=./.kube/c"), "--kubeconfig=./.kube/config\n");
      assert.equal(await complete("login --server ./.kube/c"), "");
    });
  });

  interface Typing {
    /** What the shell reads when it starts. */
    readonly setup: string;
    readonly typed: string;
    /** The line after a TAB. When it does not appear, the shell never ends, and the test fails by time. */
    readonly shown: string;
  }

  /** Types a word and a TAB into an interactive shell on a terminal. */
  async function typeIn(shell: "bash" | "zsh", { setup, typed, shown }: Typing): Promise<void> {
    const folder = fs.mkdtempSync(path.join(home, `${shell}-`));
    const [start, file, before] =
      shell === "bash"
        ? [`bash --noprofile --rcfile ${folder}/rc -i`, "rc", ""]
        : ["zsh -d -i", ".zshrc", "autoload -Uz compinit; compinit -u -D\n"];
    fs.writeFileSync(path.join(folder, file), `${before}${setup}cd ${home}\nPS1='REA''DY> '\n`);
    const { screen } = await runInTerminal(start, {
      env: env({ ZDOTDIR: folder, COLUMNS: "200" }),
      typed: [
        { after: "READY> ", text: `${typed}\t` },
        { after: shown, text: "\u0015exit 0\r" },
      ],
    });
    assert.ok(screen.includes(shown), screen);
  }
});
