import assert from "node:assert/strict";
import { cmdProgram, cmdWord } from "../../../token/command/cmd-words.ts";
import {
  type Command,
  pipe,
  run,
  runPerSystem,
  setVariable,
  typed,
  unsetVariables,
  writeFile,
} from "../../../token/command/command.ts";
import {
  posixProgram,
  posixWord,
  powershellProgram,
  powershellWord,
  renderCommand,
  SHELLS,
  type Shell,
  type ShellOrGuess,
} from "../../../token/command/render-command.ts";
import { move, removeFile, removeFolder, removeLock } from "../../../token/command/tasks.ts";
import { typographicFault } from "../../doctor/support/powershell-quotes.ts";
import { type ArgumentPassing, programGets } from "../support/powershell-passing.ts";
import { posixWords } from "../support/read-words.ts";

function lineOf(command: Command, shell: ShellOrGuess): string | undefined {
  const rendered = renderCommand(command, shell);
  return "line" in rendered ? rendered.line : undefined;
}

function whyNot(command: Command, shell: ShellOrGuess): string {
  const rendered = renderCommand(command, shell);
  return "unprintable" in rendered ? rendered.unprintable : assert.fail(rendered.line);
}

const GET = run("kubectl", "get pods", { o: "yaml" });

describe("renderCommand", () => {
  const table: readonly (readonly [command: Command, lines: Readonly<Record<Shell, string>>])[] = [
    [
      pipe(GET, run("grep", "-i ^date")),
      {
        bash: "kubectl get pods -o yaml | grep -i '^date'",
        fish: "kubectl get pods -o yaml | grep -i '^date'",
        powershell: "kubectl get pods -o yaml | grep -i '^date'",
        cmd: 'kubectl get pods -o yaml | grep -i "^date"',
      },
    ],
    [
      writeFile(GET, "it's.yaml"),
      {
        bash: "kubectl get pods -o yaml > 'it'\\''s.yaml'",
        fish: "kubectl get pods -o yaml > 'it'\\''s.yaml'",
        powershell: "kubectl get pods -o yaml | Set-Content -Encoding utf8 -LiteralPath 'it''s.yaml'",
        cmd: `kubectl get pods -o yaml > "it's.yaml"`,
      },
    ],
    [
      setVariable("NO_PROXY", "a:=ls"),
      {
        bash: "export NO_PROXY='a:=ls'",
        fish: "set -gx NO_PROXY 'a:=ls'",
        powershell: "$env:NO_PROXY = 'a:=ls'",
        cmd: 'set "NO_PROXY=a:=ls"',
      },
    ],
    [
      unsetVariables("A", "B_2"),
      {
        bash: "unset A B_2",
        fish: "set -e A B_2",
        powershell: "Remove-Item 'Env:A', 'Env:B_2'",
        cmd: 'set "A=" & set "B_2="',
      },
    ],
    [
      removeFolder({ underHome: ".aws/c d" }),
      {
        bash: "rm -r ~/'.aws/c d'",
        fish: "rm -r ~/'.aws/c d'",
        powershell: "Remove-Item -Recurse -Force -LiteralPath (Join-Path $HOME '.aws/c d')",
        cmd: 'rmdir /s "%USERPROFILE%\\.aws\\c d"',
      },
    ],
    [
      typed(["kubectl", "get", "pods;"]),
      {
        bash: "kubectl get 'pods;'",
        fish: "kubectl get 'pods;'",
        powershell: "kubectl get 'pods;'",
        cmd: 'kubectl get "pods;"',
      },
    ],
    [
      run("kubectl", "get pods", { context: "lab-dev" }),
      {
        bash: "kubectl get pods --context=lab-dev",
        fish: "kubectl get pods --context=lab-dev",
        powershell: "kubectl get pods --context=lab-dev",
        cmd: "kubectl get pods --context=lab-dev",
      },
    ],
    [
      move("C:\\a b\\c", "C:/d"),
      {
        bash: "mv 'C:\\a b\\c' C:/d",
        fish: "mv 'C:\\a b\\c' C:/d",
        powershell: "Move-Item -LiteralPath 'C:\\a b\\c' C:/d",
        cmd: 'move "C:\\a b\\c" "C:\\d"',
      },
    ],
    [
      writeFile(runPerSystem(["iconv"], { powershell: "Get-Content -LiteralPath" }, "it's"), "b c"),
      {
        bash: "iconv 'it'\\''s' > 'b c'",
        fish: "iconv 'it'\\''s' > 'b c'",
        powershell: "Get-Content -LiteralPath 'it''s' | Set-Content -Encoding utf8 -LiteralPath 'b c'",
        cmd: `powershell -Command "Get-Content -LiteralPath 'it''s' | Set-Content -Encoding utf8 -LiteralPath 'b c'"`,
      },
    ],
  ];
  for (const [command, lines] of table) {
    for (const shell of SHELLS) {
      it(`writes ${lines[shell]} for ${shell}`, () => assert.equal(lineOf(command, shell), lines[shell]));
    }
  }

  it("leaves cmd.exe's own commands no path to split, and no switch in it", () => {
    const lines = {
      'del /f "C:\\Users\\ada\\.kube\\team=x\\config.lock"': removeLock(
        "C:\\Users\\ada\\.kube\\team=x\\config.lock",
      ),
      'del ".kube\\s"': removeFile(".kube/s"),
      'rmdir /s "work\\q"': removeFolder("work/q"),
      'rmdir /s "C:\\a;b\\\\"': removeFolder("C:\\a;b\\"),
      'kubectl get pods -o yaml > "a\\b=c"': writeFile(GET, "a/b=c"),
    };
    for (const [line, command] of Object.entries(lines)) assert.equal(lineOf(command, "cmd"), line);
  });

  it("refuses names of variables that no shell can write", () => {
    for (const name of ["", "1A", "A-B", "A B", "A;touch x", "Ä", "A\n", "A=b"]) {
      for (const shell of SHELLS) {
        assert.match(
          whyNot(unsetVariables("B", name), shell),
          /is not a valid variable name|contains characters/,
        );
        assert.match(
          whyNot(setVariable(name, "x"), shell),
          /is not a valid variable name|contains characters/,
        );
      }
    }
  });

  it("refuses every sign that a terminal does not show, in each kind of command", () => {
    const signs = [...signsThatAreNotShown()];
    assert.ok(signs.length > 2300, String(signs.length));
    for (const sign of signs) {
      const value = `a${sign}b`;
      const kinds = [run("x", "", { name: value }), run("x", "", {}, value), typed(["x", value]), run(value)];
      for (const command of [
        ...kinds,
        pipe(GET, run("x", "", { a: [value] })),
        writeFile(GET, value),
        setVariable("A", value),
      ]) {
        const why = whyNot(command, "bash");
        assert.doesNotMatch(why, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        assert.match(why, /\\(?:u[\da-f]{4}|[bfnrt])/);
      }
    }
  });
});

function* signsThatAreNotShown(): Generator<string> {
  const unshown = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
  for (let point = 0; point <= 0x10_ffff; point += 1) {
    // Surrogates are 2048, all alike.
    if (point >= 0xd800 && point <= 0xdfff && point % 8 !== 0) continue;
    const sign = String.fromCodePoint(point);
    if (unshown.test(sign)) yield sign;
  }
}

describe("renderCommand for a guess", () => {
  const GUESSES = ["bash", "powershell", "cmd"] as const;
  const remove = (context: string) => run("kubectl", "config delete-context", {}, context);

  it("is the same in every shell of Windows for a program and its words", () => {
    for (const guess of GUESSES) {
      assert.equal(lineOf(remove("lab-dev"), { guess }), "kubectl config delete-context lab-dev");
      for (const word of ["a b", "a,b", "C:\\x y\\z", "@x", "7", "ä", "a(b)", "jsonpath={.a}"])
        assert.equal(lineOf(remove(word), { guess }), `kubectl config delete-context "${word}"`);
      assert.equal(lineOf(run("x", "-b.c", { n: "-d.e" }), { guess }), 'x "-b.c" "-n-d.e"');
    }
  });

  it("refuses what one of them would interpret, in each kind of command", () => {
    const signs = [..."&|<>^%$`'\"!;*?[]\u201c", "\\\\", "\\"];
    for (const guess of GUESSES)
      for (const sign of signs) {
        const value = `x${sign}`;
        for (const command of [
          remove(value),
          run("x", "", { name: value }),
          typed(["kubectl", value]),
          pipe(GET, run("x", "", {}, value)),
          writeFile(GET, value),
          setVariable("A", value),
          removeFile(value),
          removeFile({ underHome: value }),
          writeFile(runPerSystem(["iconv"], { powershell: "Get-Content -LiteralPath" }, value), "b"),
        ])
          assert.match(
            whyNot(command, { guess }),
            /^cmd\.exe, PowerShell and bash interpret "x.+" differently$/,
          );
        assert.ok("unprintable" in renderCommand(run(value), { guess }), value);
      }
  });

  it("refuses a word that PowerShell would drop, and a blank outside double quotes", () => {
    for (const guess of GUESSES)
      for (const command of [remove(""), removeFile({ underHome: "a b" })])
        assert.match(whyNot(command, { guess }), / differently$/);
  });

  it("names the option that settles it", () => {
    assert.equal(
      whyNot(remove("x&calc&"), { guess: "powershell", option: "--shell" }),
      'cmd.exe, PowerShell and bash interpret "x&calc&" differently (specify your shell with --shell)',
    );
  });

  it("runs no program of another shell", () => {
    for (const guess of GUESSES)
      for (const name of ["del", "del+x", "exec"])
        assert.match(whyNot(run(name), { guess }), /not a program name/);
  });

  it("writes all else for the likeliest shell", () => {
    const lines = (command: Command) => GUESSES.map((guess) => lineOf(command, { guess }));
    assert.deepEqual(lines(removeLock("C:\\a b/c")), [
      'rm -f "C:\\a b/c"',
      'Remove-Item -Force -LiteralPath "C:\\a b/c"',
      'del /f "C:\\a b\\c"',
    ]);
    assert.deepEqual(lines(writeFile(GET, "a b")), [
      'kubectl get pods -o yaml > "a b"',
      "kubectl get pods -o yaml | Set-Content -Encoding utf8 -LiteralPath 'a b'",
      'kubectl get pods -o yaml > "a b"',
    ]);
    assert.deepEqual(lines(setVariable("A", "")), ["export A=''", "$env:A = ''", 'set "A="']);
    assert.deepEqual(lines(removeFile({ underHome: ".aws/x" })), [
      "rm ~/.aws/x",
      "Remove-Item -LiteralPath (Join-Path $HOME '.aws/x')",
      'del "%USERPROFILE%\\.aws\\x"',
    ]);
    assert.equal(
      lineOf(runPerSystem(["iconv"], { powershell: "Get-Content -LiteralPath" }, "a b"), { guess: "cmd" }),
      `powershell -Command "Get-Content -LiteralPath 'a b'"`,
    );
  });
});

describe("posixWord", () => {
  const table: readonly (readonly [word: string, written: string])[] = [
    ["arn:aws:iam::111122223333:role/Dev", "arn:aws:iam::111122223333:role/Dev"],
    ["a=b,c@d%20+e", "a=b,c@d%20+e"],
    ["", "''"],
    [";", "';'"],
    ["it's", "'it'\\''s'"],
    ["''", "\\'\\'"],
    ["a\\", "'a'\\\\"],
    ["\\'", "\\\\\\'"],
    ["=ls", "'=ls'"],
    ["a:=ls", "'a:=ls'"],
    ["a==ls", "'a==ls'"],
    ["%1", "'%1'"],
    ["~", "'~'"],
    ["a!b", "'a!b'"],
    ["{a,b}", "'{a,b}'"],
    ["é", "'é'"],
    ["’", "'’'"],
    ["$(id)", "'$(id)'"],
  ];
  for (const [word, written] of table) {
    it(`writes ${written}`, () => {
      assert.equal(posixWord(word), written);
      assert.deepEqual(posixWords(written), { words: [word], operators: [] });
    });
  }

  it("leaves the shell the home folder alone", () => {
    assert.equal(posixWord({ underHome: "a;b/~c" }), "~/'a;b/~c'");
    assert.equal(posixWord({ underHome: "" }), "~/''");
  });
});

describe("posixProgram", () => {
  for (const name of ["aws", "kubectl-vouch", "g++", "7z", "python3.11"]) {
    it(`takes ${name}`, () => assert.equal(posixProgram(name), name));
  }
  it("quotes a path", () => assert.equal(posixProgram("/opt/my tools/aws"), "'/opt/my tools/aws'"));

  for (const name of [
    "",
    "if",
    "!",
    "-",
    "%1",
    "%1/x",
    "-x/y",
    "A=b",
    "[",
    "{",
    ".",
    "my tool",
    "exec",
    "end",
    "é",
  ]) {
    it(`refuses ${JSON.stringify(name)}, which some shell would not run`, () => {
      assert.throws(() => posixProgram(name), { name: "UnprintableCommand" });
    });
  }
});

describe("powershellWord", () => {
  const table: readonly (readonly [word: string, written: string])[] = [
    ["describe-cluster", "describe-cluster"],
    ["arn:aws:iam::1:role/Dev", "arn:aws:iam::1:role/Dev"],
    ["--cluster-name", "--cluster-name"],
    ["--name=x", "--name=x"],
    ["--name=x.y", "'--name=x.y'"],
    ["--name=x:y", "'--name=x:y'"],
    ["--name=x,y", "'--name=x,y'"],
    ["-n=x", "'-n=x'"],
    ["--", "'--'"],
    ["--%", "'--%'"],
    ["-x.y", "'-x.y'"],
    ["-1e3", "'-1e3'"],
    ["1kb", "'1kb'"],
    ["a,b", "'a,b'"],
    ["@x", "'@x'"],
    ["$env:PATH", "'$env:PATH'"],
    ["it's", "'it''s'"],
    ["‘’‚‛", "'‘‘’’‚‚‛‛'"],
    ["“„”", "'“„”'"],
    ["C:\\dir\\", "C:\\dir\\"],
    ["–x", "'–x'"],
  ];
  for (const [word, written] of table) {
    it(`writes ${written}`, () => {
      assert.equal(powershellWord(word), written);
      assert.equal(typographicFault(written), undefined);
    });
  }

  it("refuses what Windows PowerShell cannot hand on", () => {
    assert.throws(() => powershellWord("C:\\my dir\\"), { name: "UnprintableCommand" });
  });

  const passed = [
    "",
    '"',
    'a"b',
    '{"a":"b c"}',
    'a\\"b',
    '\\\\"',
    '"a b"',
    'x" --profile=evil "y',
    "a b",
    "a\\b",
    '\\"\\',
    "é ‘",
  ];
  for (const version of ["5.1", "7.2", "7.4"] satisfies ArgumentPassing[]) {
    for (const word of passed) {
      it(`hands ${JSON.stringify(word)} to a program in PowerShell ${version}`, () => {
        assert.deepEqual(programGets(powershellWord(word), version), [word]);
      });
    }
  }
});

describe("powershellProgram", () => {
  const table: readonly (readonly [program: string, written: string])[] = [
    ["aws", "aws"],
    ["curl", "curl.exe"],
    ["C:\\Program Files\\x’y\\aws.exe", "& 'C:\\Program Files\\x’’y\\aws.exe'"],
    ["if", "& 'if'"],
    ["7z", "& '7z'"],
    ["", "& ''"],
  ];
  for (const [program, written] of table) {
    it(`writes ${written}`, () => assert.equal(powershellProgram(program), written));
  }

  it("gives pip's aws.cmd no sign of cmd.exe's", () => {
    for (const sign of "&|<>^%") {
      const command = run("aws", "eks describe-cluster", { name: `a${sign}calc` });
      assert.match(JSON.stringify(renderCommand(command, "powershell")), /"unprintable".*cmd\.exe/);
      assert.ok("line" in renderCommand(command, "bash"));
    }
  });
});

describe("cmdWord", () => {
  const table: readonly (readonly [word: string, written: string])[] = [
    ["describe-cluster", "describe-cluster"],
    ["--context=lab", "--context=lab"],
    ["arn:aws:iam::1:role/Dev", "arn:aws:iam::1:role/Dev"],
    ["", '""'],
    ["a b", '"a b"'],
    ["a&b|c<d>e^f", '"a&b|c<d>e^f"'],
    ["it's", '"it\'s"'],
    ["a,b", '"a,b"'],
    ["=x", '"=x"'],
    ["C:\\dir\\", "C:\\dir\\"],
    ["C:\\my dir\\", '"C:\\my dir\\\\"'],
    ['{"a":"b c"}', '"{\\"a\\":\\"b c\\"}"'],
    ['a\\""', '"a\\\\\\"\\""'],
  ];
  for (const [word, written] of table) it(`writes ${written}`, () => assert.equal(cmdWord(word), written));

  for (const word of ["100%", "%PATH%", '"&calc"', '5" wide']) {
    it(`refuses ${word}`, () => assert.throws(() => cmdWord(word), { name: "UnprintableCommand" }));
  }
});

describe("cmdProgram", () => {
  it("quotes a path", () => assert.equal(cmdProgram("C:/a b/x.exe"), '"C:\\a b\\x.exe"'));
  for (const name of ["", "start", "Call", "%x%", "a b", "@x", "del+x", "Echo.x", "type.exe"])
    it(`refuses ${JSON.stringify(name)}`, () =>
      assert.throws(() => cmdProgram(name), { name: "UnprintableCommand" }));
});
