import assert from "node:assert/strict";
import { type Command, commandLineOf } from "../../../plugin/command-line/command-line.ts";
import { candidatesFor } from "../../../plugin/completion/complete.ts";
import type { Candidates } from "../../../plugin/completion/known-things.ts";

const SELL: Command = { command: "sell", describe: "Sell all", builder: (declare) => declare };

const BUY: Command = {
  command: "buy <kind>",
  describe: "Buy some",
  builder: (declare) =>
    declare
      .positional("kind", { type: "string" })
      .option("how", { alias: "o", choices: ["cash", "card"], describe: "How to pay" })
      .option("bag", { type: "boolean", describe: "With a bag" })
      .option("note", { type: "string", describe: "A note" })
      .option("only", { type: "string", describe: "Only these" })
      .option("list", { type: "string", describe: "A file" })
      .option("via", { type: "string", array: true, nargs: 1, describe: "By way of" })
      .option("shops", { type: "string", array: true, describe: "Where" })
      .option("secret", { type: "string", hidden: true, describe: "Nobody knows" }),
};

/** A command line with one of everything. */
const SHOP = commandLineOf(
  {
    command: "shop",
    describe: "",
    builder: (declare) =>
      declare.command({
        command: "fruit",
        describe: "All about fruit",
        builder: (fruit) => fruit.command(BUY).command(SELL),
      }),
  },
  {
    color: { choices: ["auto", "never"], describe: "Color" },
    help: { alias: "h", type: "boolean", describe: "Help" },
  },
);

const VALUES: Readonly<Record<string, Candidates>> = {
  kind: [{ value: "apple", describe: "round" }, { value: "plum" }],
  only: [{ value: "ripe" }, { value: "red" }, { value: "ripe" }],
  shops: [{ value: "north" }, { value: "south" }],
  via: [{ value: "bridge" }, { value: "" }],
  list: "files",
};

describe("candidatesFor", () => {
  const ask = (words: readonly string[]) => candidatesFor(SHOP, words, async (name) => VALUES[name] ?? []);
  const names = async (line: string) => {
    const candidates = await ask(line.split(" "));
    return candidates === "files" ? candidates : candidates.map(({ value }) => value).join(" ");
  };
  const BUY_FLAGS = "--how --bag --note --only --list --via --shops --color --help";

  const cases: Record<string, [line: string, candidates: string]> = {
    commands: ["", "fruit"],
    "a command that is begun": ["fr", "fruit"],
    "nothing for a command nobody knows": ["x", ""],
    "commands of a command": ["fruit ", "buy sell"],
    "those that begin so": ["fruit s", "sell"],
    "no command behind a word that is none": ["fruit x ", ""],
    "commands behind an option": ["--color never fruit ", "buy sell"],
    "what a command takes": ["fruit buy ", "apple plum"],
    "what it takes behind options": ["fruit buy --bag --note x --how=card p", "plum"],
    "options when nothing else can follow": ["fruit buy apple ", BUY_FLAGS],
    "no options for a word that is begun": ["fruit buy apple b", ""],
    "options that begin so, but hidden ones": ["fruit buy --", BUY_FLAGS],
    "short options too": [
      "fruit buy -",
      BUY_FLAGS.replace("--help", "--help -h").replace("--how", "--how -o"),
    ],
    "a short option": ["fruit buy -o", "-o"],
    "no option twice": ["fruit buy --how card --bag --ho", ""],
    "no option twice, by any name": ["fruit buy -o card --h", "--help"],
    "no option twice, with its value glued to it": ["fruit buy --how=card --h", "--help"],
    "no option twice, with its value glued to its letter": ["fruit buy -ocash --h", "--help"],
    "what follows behind a value glued to its letter": ["fruit buy -ocash p", "plum"],
    "the same behind options before the command": ["-o cash fruit --bag buy p", "plum"],
    "no option twice, given before the command": ["--how=cash fruit buy --h", "--help"],
    "values of an option before its command": ["--how c", "cash card"],
    "values of a list before the command": ["--shops north s", "south"],
    "the command behind such a list": ["--shops north fruit s", "sell"],
    "a list again": ["fruit buy --via a --v", "--via"],
    choices: ["fruit buy --how ", "cash card"],
    "choices that begin so": ["fruit buy -o ca", "cash card"],
    "choices behind =": ["fruit buy --how=car", "card"],
    "choices of an option before the command": ["--color n", "never"],
    "choices glued to a letter": ["fruit buy -oca", "-ocash -ocard"],
    "choices glued to a letter behind =": ["fruit buy -o=car", "card"],
    "nothing glued to a letter that takes none": ["fruit buy -hx", ""],
    "nothing behind = of what takes nothing": ["fruit buy --bag=", ""],
    "nothing behind = of what nobody knows": ["fruit buy --x=", ""],
    "nothing for free text": ["fruit buy --note ", ""],
    "values, each once": ["fruit buy --only r", "ripe red"],
    "the next of a list with commas": ["fruit buy --only ripe,r", "ripe,red"],
    "the next of such a list behind =": ["fruit buy --only=red,", "red,ripe"],
    "no empty value": ["fruit buy --via ", "bridge"],
    "what a command takes, behind one value": ["fruit buy --via bridge ", "apple plum"],
    "all values of an option that takes many": ["fruit buy --shops north s", "south"],
    "options behind them": ["fruit buy --shops north south --no", "--note"],
    files: ["fruit buy --list ", "files"],
    "files behind =": ["fruit buy --list=/tm", "files"],
    "nothing of ours behind --": ["fruit buy -- --ho", "files"],
    "values, not options, where a value is due": ["fruit buy --note --h", ""],
    "nothing that only objects know": ["toString constructor ", ""],
  };
  for (const [what, [line, candidates]] of Object.entries(cases)) {
    it(`are ${what}: \`${line}\``, async () => assert.equal(await names(line), candidates));
  }

  it("are all commands when nothing is typed at all", async () => {
    assert.deepEqual(await ask([]), [{ value: "fruit", describe: "All about fruit" }]);
  });

  it("say what they are", async () => {
    assert.deepEqual(await ask(["fruit", ""]), [
      { value: "buy", describe: "Buy some" },
      { value: "sell", describe: "Sell all" },
    ]);
    assert.deepEqual(await ask(["fruit", "buy", "--he"]), [{ value: "--help", describe: "Help" }]);
    assert.deepEqual(await ask(["fruit", "buy", "a"]), [{ value: "apple", describe: "round" }]);
  });

  it("may depend on the options that are given", async () => {
    const seen: unknown[] = [];
    await candidatesFor(
      SHOP,
      ["fruit", "buy", "--note", "x", "--via=a", "--via", "b", "--bag", ""],
      async (name, given) => {
        seen.push(name, Object.fromEntries(given));
        return [];
      },
    );
    assert.deepEqual(seen, ["kind", { note: ["x"], via: ["a", "b"], bag: [] }]);
  });
});
