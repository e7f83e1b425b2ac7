import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { commandLine, run } from "../../../plugin/cli.ts";
import type { CommandLine, Flag } from "../../../plugin/command-line/command-line.ts";
import { VALUE_SOURCES } from "../../../plugin/completion/complete.ts";
import { ourFolders } from "../../../token/files/folders.ts";
import { currentFile } from "../../../token/hot/state-files.ts";
import { saveCurrent, withSession } from "../../../token/session/current-file.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ARN = "arn:aws:iam::111122223333:role";

const KUBECONFIG = {
  "current-context": "lab-vouch",
  contexts: [
    { name: "lab-vouch", context: { cluster: "lab", user: "ours", namespace: "payments" } },
    { name: "other", context: { cluster: "other", user: "nobody" } },
  ],
  users: [
    {
      name: "ours",
      user: {
        exec: {
          command: "kubectl-vouch",
          args: [
            ...["credential", "eks", "--cluster-name", "lab", "--region", "eu-central-1"],
            ...["--role", `${ARN}/Dev`, "--via", `${ARN}/Bridge`],
          ],
        },
      },
    },
  ],
};

const AWS_CONFIG = `[default]
region = eu-west-1
[profile vouch]
region = us-east-1
credential_process = kubectl-vouch credential aws --role ${ARN}/Admin --via ${ARN}/Hop
`;

describe("kubectl-vouch __complete", () => {
  const home = tempFolder();
  const write = (name: string, text: string) => {
    const file = path.join(home(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(file, text);
    return file;
  };

  /** Its answer, line by line; it must end well and say nothing else. */
  async function ask(words: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
    const app = fakeApp({ home: home(), env: { HOME: home(), ...env } });
    assert.equal(await run(["__complete", ...words], app), 0);
    assert.equal(app.written.stderr, "");
    assert.match(app.written.stdout, /^(?:.+\n)*:\d+\n$/);
    return app.written.stdout.split("\n").slice(0, -1);
  }
  const asked = (line: string, env?: Record<string, string>) => ask(line.split(" "), env);

  function writeEverything(): void {
    write(".kube/config", stringify(KUBECONFIG));
    write(".aws/config", AWS_CONFIG);
    const { state } = ourFolders(fakeApp({ home: home() }));
    const session = {
      identity: "ada@example.com",
      id: "0e0f4a52-6a3c-4b6e-9c43-0a1b2c3d4e5f",
      end: 1,
      sessionName: "ada",
      keyStore: "file",
    } as const;
    saveCurrent(state, withSession({ version: 1, servers: {} }, "https://vouch.example.com", session));
  }

  it("names the commands and what they do", async () => {
    const lines = await asked("");
    assert.ok(
      lines.includes("login\tLog in to Vouch with your security key, or log in for an AWS profile"),
      lines.join("\n"),
    );
    assert.ok(lines.includes("completion\tSet up tab completion for commands, options and names"));
    assert.equal(lines.at(-1), ":4");
    assert.deepEqual(await asked("setup e"), ["eks\tWrite a kubectl context for an EKS cluster", ":4"]);
    assert.deepEqual(await asked("help cache cl"), [
      "clear\tClear cached tokens and AWS credentials; you stay logged in",
      ":4",
    ]);
  });

  const fromFiles: [line: string, ...candidates: string[]][] = [
    ["whoami --context ", "lab-vouch\tlab in eu-central-1", "other"],
    ["doctor --context=o", "other"],
    ["doctor -n ", "payments"],
    ["setup eks --cluster ", "lab\teu-central-1"],
    ["credential eks --cluster-name l", "lab\teu-central-1"],
    ["setup eks --profile ", "default", `vouch\t${ARN}/Admin`],
    ["setup eks --region ", "eu-west-1", "us-east-1", "eu-central-1"],
    ["setup eks --regions us-east-1 eu-w", "eu-west-1"],
    ["setup eks --regions us-east-1,eu-w", "us-east-1,eu-west-1"],
    [
      "credential aws --role ",
      `${ARN}/Admin\tprofile vouch`,
      `${ARN}/Hop`,
      `${ARN}/Dev\tcontext lab-vouch`,
      `${ARN}/Bridge`,
    ],
    ["credential aws --role x --via=arn:aws:iam::111122223333:role/H", `${ARN}/Hop`],
    ["login --server ", "https://vouch.example.com"],
    ["logout --account a", "ada@example.com\thttps://vouch.example.com"],
    ["login --key-store ", "keyring", "file"],
    ["doctor --output=j", "json", "junit"],
  ];
  const fromTheProgram: typeof fromFiles = [
    ["status -o ", "text", "wide", "json", "yaml"],
    ["cache list -ow", "-owide"],
    ["login -oy", "-oyaml"],
    ["-n payments doctor --all-n", "--all-namespaces\tCheck all namespaces at once"],
  ];
  for (const [line, ...candidates] of [...fromFiles, ...fromTheProgram]) {
    it(`knows what may follow \`${line}\``, async () => {
      writeEverything();
      assert.deepEqual(await asked(line), [...candidates, ":4"]);
    });
  }

  onPosix("paths", "reads the kubeconfig that the words before name", async () => {
    const contexts = [{ name: "mine", context: {} }];
    const file = write("mine.yaml", stringify({ contexts }));
    writeEverything();
    assert.deepEqual(await ask(["whoami", "--kubeconfig", file, "--context", ""]), ["mine", ":4"]);
    assert.deepEqual(await asked("whoami --context ", { KUBECONFIG: file }), ["mine", ":4"]);
  });

  it("knows the rules and rows of the doctor", async () => {
    const rule = "aws-clock-skew\tthe clock agrees with AWS";
    for (const line of ["explain aws-clock", "doctor --only aws-clock", "doctor --skip E3,aws-clock"]) {
      const [first = "", directive] = await asked(line);
      assert.match(first, /^(?:E3,)?aws-clock-skew\t./, rule);
      assert.equal(directive, ":4");
    }
    assert.match((await asked("explain E3"))[0] ?? "", /^E3\t./);
  });

  for (const line of [
    "whoami --kubeconfig ",
    "doctor --evidence ",
    "doctor --save=",
    "doctor -- get po",
    "doctor -n payments -- ",
  ]) {
    it(`leaves \`${line}\` to the shell`, async () => assert.deepEqual(await asked(line), [":0"]));
  }

  it("names nothing where files are missing", async () => {
    for (const [line] of fromFiles.slice(0, -2)) assert.deepEqual(await asked(line), [":4"], line);
  });

  it("names nothing out of broken files, and does not complain", async () => {
    const folders = ourFolders(fakeApp({ home: home() }));
    write(".kube/config", "contexts: [");
    write(".aws/config", "[profile x\n");
    write(path.relative(home(), currentFile(folders.state)), "{");
    write(path.relative(home(), path.join(folders.config, "config.yaml")), "nonsense: [");
    for (const [line] of fromFiles.slice(0, -2)) assert.deepEqual(await asked(line), [":4"], line);
    assert.deepEqual(await asked("login --key-store f"), ["file", ":4"]);
  });

  it("works where the program itself would refuse", async () => {
    assert.deepEqual(await asked("stat", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }), [
      "status\tShow who is logged in, for how long, and for which contexts",
      ":4",
    ]);
  });

  it("is silent when its answer cannot be written", async () => {
    const app = fakeApp({ home: home() });
    const io = {
      ...app.io,
      out: () => {
        throw new Error("the disk is full");
      },
    };
    assert.equal(await run(["__complete", "stat"], { ...app, io }), 0);
    assert.equal(app.written.stderr, "");
  });

  it("lets no name in a file pass for another, or steer the terminal", async () => {
    const names = ["good", "bad\nevil", "bad\tevil", "bad\u001b[31m"];
    write(".kube/config", stringify({ contexts: names.map((name) => ({ name, context: {} })) }));
    assert.deepEqual(await asked("whoami --context "), ["good", ":4"]);
    const args = ["credential", "eks", "--cluster-name", "lab\nx"];
    const users = [{ name: "ours", user: { exec: { command: "kubectl-vouch", args } } }];
    const contexts = [{ name: "good", context: { user: "ours" } }];
    write(".kube/config", stringify({ contexts, users }));
    assert.deepEqual(await asked("whoami --context "), ["good\tlab x", ":4"]);
  });

  it("offers no name that a shell could read otherwise, and describes none with what it would expand", async () => {
    const hostile = [
      ..."$(id) `id` $HOME {a,--fix} !echo #x ~root [a-z] a;b a|b a&b a<b a>b a*b a?b =ls a:=b --fix -n".split(
        " ",
      ),
      ...[
        "two words",
        "a'b",
        'a"b',
        "a\\b",
        "x’;calc;‘",
        "x‚y",
        "“x”",
        "a,b",
        "@splat",
        "%job",
        "^a^b",
        "a(b)",
        "\u00a0x",
        "ünï",
      ],
    ];
    const contexts = [
      "good",
      "arn:aws:eks:us-east-1:111122223333:cluster/lab",
      "ada@lab.example",
      ...hostile,
    ];
    const args = ["credential", "eks", "--cluster-name", "$(touch x)`y`", "--region", "us-east-1"];
    const users = [{ name: "ours", user: { exec: { command: "kubectl-vouch", args } } }];
    const named = (name: string) => ({ name, context: { user: "ours", namespace: name } });
    write(".kube/config", stringify({ contexts: contexts.map(named), users }));
    for (const flag of ["--context", "--namespace"]) {
      const offered = (await asked(`whoami ${flag} `)).map((line) => line.split("\t"));
      assert.deepEqual(offered.map(([value]) => value).sort(), [...contexts.slice(0, 3), ":4"].sort());
      for (const [, describe = ""] of offered) assert.doesNotMatch(describe, /[$`]/);
    }
  });

  it("is no command that anybody sees", async () => {
    const app = fakeApp({ home: home() });
    await run(["--help"], app);
    assert.doesNotMatch(app.written.stdout, /__complete/);
  });

  describe("the values it knows", () => {
    const root = () => commandLine({ app: fakeApp({ home: "/nonexistent" }), color: "auto", exit: 0 });

    /** Every command, reached by a way of its own. */
    function everyLine(way: readonly string[] = []): CommandLine[] {
      const line = way.reduce<CommandLine | undefined>((at, word) => at?.behind(word), root());
      if (line === undefined) return assert.fail(`there is no ${way.join(" ")}`);
      return [line, ...line.commands.flatMap(({ name }) => everyLine([...way, name]))];
    }

    /** Options for whose values nobody has a guess. */
    const FREE_TEXT = [
      "callback-port",
      "cluster-id",
      "context-name",
      "error",
      "for",
      "if-needed",
      "match",
      "name",
      "principal",
      "proxy-url",
      "session-name",
      "tag",
      "timeout",
      "wait",
    ];

    it("are decided on for every option: choices, a source, or free text", () => {
      const isOpen = ({ takes, choices }: Flag) => takes !== "nothing" && choices.length === 0;
      const open = everyLine().flatMap(({ flags }) => flags.filter(isOpen).map(({ name }) => name));
      const sources = Object.keys(VALUE_SOURCES).filter((name) => !["code", "setting"].includes(name));
      assert.deepEqual([...new Set(open)].sort(), [...sources, ...FREE_TEXT].sort());
    });

    it("are decided on for every word that is no option", () => {
      const positionals = everyLine().flatMap((line) => line.positionals.map(({ name }) => name));
      assert.deepEqual(positionals.sort(), ["code", "key", "setting", "setting", "token", "value"]);
    });
  });
});
