/** Loaded before a program: keeps which variables it asks for, in the file that RECORD_READS names. */
import fs from "node:fs";

const file = process.env["RECORD_READS"] ?? "";
const read = new Set();
const note = (name) => {
  if (typeof name === "string") read.add(name);
};
process.env = new Proxy(process.env, {
  get: (env, name) => {
    note(name);
    return env[name];
  },
  has: (env, name) => {
    note(name);
    return name in env;
  },
});
process.on("exit", () => fs.writeFileSync(file, JSON.stringify([...read])));
