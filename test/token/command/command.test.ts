import assert from "node:assert/strict";
import { structure } from "../../../token/command/command.ts";

describe("structure", () => {
  const table: readonly (readonly [fields: Parameters<typeof structure>[0], written: string])[] = [
    [{ type: "namespace", namespaces: ["web", "team-*"] }, "type=namespace,namespaces=web,team-*"],
    [{ type: "cluster", namespaces: undefined }, "type=cluster"],
    [{ type: "cluster", namespaces: [] }, '{"type":"cluster","namespaces":[]}'],
    [{ name: "" }, '{"name":""}'],
    [{ name: "a,b=c" }, '{"name":"a,b=c"}'],
    [{ name: "a@=/etc/passwd" }, '{"name":"a@=/etc/passwd"}'],
    [{ names: ["a", "b c"] }, '{"names":["a","b c"]}'],
  ];
  for (const [fields, written] of table) {
    it(`writes ${written}`, () => assert.equal(structure(fields), written));
  }
});
