import assert from "node:assert/strict";
import { parseSync } from "oxc-parser";
import { answer } from "../../../doctor/browser/judge.ts";
import { pageScripts } from "../../../krew/page.ts";
import { asBuilt } from "../../support/as-built.ts";
import { inBareRealm } from "../support/bare-realm.ts";
import { GATHERED_AT } from "../support/bundle.ts";
import { CASES } from "../support/report-case.ts";
import { terminalText } from "../support/terminal-text.ts";

type Scripts = Awaited<ReturnType<typeof pageScripts>>;

/** What leaves a page, keeps something, or makes code or markup of texts: as a name of its own, or behind a dot. */
const FORBIDDEN: ReadonlySet<string> = new Set(
  (
    "location open fetch XMLHttpRequest WebSocket WebTransport EventSource RTCPeerConnection sendBeacon importScripts " +
    "localStorage sessionStorage indexedDB caches cookie eval Function innerHTML outerHTML insertAdjacentHTML write " +
    "writeln createContextualFragment DOMParser setHTMLUnsafe history navigator"
  ).split(" "),
);

/** Names that a script uses and does not merely give to fields of its own. */
function namesIn(script: string): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown, isKey = false): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, name, key, computed, ...rest } = node as Readonly<Record<string, unknown>>;
    if (type === "Identifier" && !isKey && typeof name === "string") names.add(name);
    visit(key, computed !== true);
    for (const child of Object.values(rest)) visit(child);
  };
  visit(parseSync("script.js", script).program);
  return names;
}

describe("the scripts of the page", () => {
  let scripts: Scripts;
  before(async () => {
    scripts = await pageScripts();
  });

  it("are of the doctor and what it stands on, and of nothing of Node", () => {
    const { inputs } = scripts.metafile;
    const external = Object.values(inputs).flatMap(({ imports }) => imports.filter((one) => one.external));
    assert.deepEqual(external, []);
    for (const input of Object.keys(inputs))
      assert.match(input, /^(?:doctor|token|node_modules\/(?:yaml|@noble\/hashes))\//);
  });

  it("have no way out, and keep nothing", () => {
    for (const script of [scripts.script, scripts.worker])
      assert.deepEqual(
        [...namesIn(script)].filter((name) => FORBIDDEN.has(name)),
        [],
      );
    assert.ok(namesIn("globalThis.open(`x`)").has("open"));
  });

  it("judge in a realm that has no more than a browser's worker as they do here", () => {
    const worker = inBareRealm(scripts.worker);
    const texts = Object.values(CASES).flatMap((bundle) => [JSON.stringify(bundle), terminalText(bundle)]);
    for (const [id, text] of [...texts, "what?", '{"kind":"DoctorEvidence","x":1}'].entries()) {
      const asked = { id, now: Date.parse(GATHERED_AT), texts: [{ text }] };
      for (const request of [
        { ...asked, kind: "judge", shell: "bash", redact: false },
        { ...asked, kind: "judge", shell: "powershell", redact: true },
        { ...asked, kind: "mask" },
      ] as const)
        assert.deepEqual(worker(request), JSON.parse(asBuilt(JSON.stringify(answer(request)))));
    }
  });
});
