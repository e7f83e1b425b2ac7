import assert from "node:assert/strict";
import { type CenterRole, profileNames } from "../../../../plugin/setup/center/profile-names.ts";

const [A, B, C] = ["111122223333", "444455556666", "777788889999"];

const role = (id: string, name: string, own = "Dev"): CenterRole => ({ account: { id, name }, role: own });
const named = (
  roles: readonly CenterRole[],
  { template, taken = [] }: { readonly template?: string; readonly taken?: readonly string[] } = {},
) =>
  profileNames(roles, {
    templateOf: () => template,
    session: "acme",
    isTaken: (name) => taken.includes(name),
  }).map(({ name, insteadOf }) => (insteadOf === undefined ? name : `${name} for ${insteadOf}`));

describe("profileNames", () => {
  const table: readonly (readonly [string, readonly CenterRole[], string | undefined, readonly string[]])[] =
    [
      [
        "account and role by default",
        [role(A, "prod"), role(A, "prod", "Ops")],
        undefined,
        ["prod-Dev", "prod-Ops"],
      ],
      ["what the template says", [role(A, "Prod")], "{session}/{account_id}.{role}", [`acme/${A}.Dev`]],
      ["dashes for what no SDK reads", [role(A, " Prod (EU), 1 ")], undefined, ["Prod-EU-1-Dev"]],
      ["no dash at the beginning", [role(A, "--prod")], undefined, ["prod-Dev"]],
      ["the ID of an account whose name cannot be written", [role(A, "本番")], undefined, [`${A}-Dev`]],
      ["roles as IAM has them", [role(A, "prod", "a=b,c@d.e+f_g-h")], undefined, ["prod-a-b-c@d.e+f_g-h"]],
      [
        "the ID of both accounts of one name",
        [role(B, "prod"), role(A, "prod"), role(C, "dev")],
        undefined,
        [`prod-Dev-${A}`, `prod-Dev-${B}`, "dev-Dev"],
      ],
      [
        "the role as well, where the template has neither",
        [role(A, "prod"), role(A, "prod", "Ops"), role(B, "prod")],
        "x",
        [`x-${A}-Dev`, `x-${A}-Ops`, `x-${B}`],
      ],
      [
        "a number, where only what cannot be written differs",
        [role(A, "prod", "a,b"), role(A, "prod", "a=b")],
        undefined,
        [`prod-a-b-${A}-a-b`, `prod-a-b-${A}-a-b-2`],
      ],
      ["never that of the default profile", [role(A, "prod")], "default", [`default-${A}`]],
    ];
  for (const [what, roles, template, names] of table)
    it(`uses ${what}, in whatever order AWS lists them`, () => {
      assert.deepEqual(named(roles, template === undefined ? {} : { template }), names);
      assert.deepEqual(named(roles.toReversed(), template === undefined ? {} : { template }), names);
    });

  it("avoids the names of other profiles, and tells which", () => {
    const taken = ["prod-Dev", `dev-Dev-${A}`, `dev-Dev-${A}-Dev`];
    assert.deepEqual(named([role(A, "prod")], { taken }), [`prod-Dev-${A} for prod-Dev`]);
    assert.deepEqual(named([role(A, "dev"), role(B, "dev")], { taken }), [
      `dev-Dev-${A}-Dev-2 for dev-Dev-${A}`,
      `dev-Dev-${B}`,
    ]);
  });

  it("refuses a template that it cannot fill in", () => {
    const refused = (template: string, message: RegExp, hint: RegExp) =>
      assert.throws(() => named([role(A, "x")], { template }), { code: "usage", message, hint });
    refused(
      "{account}-x",
      /^--profile \{account\}-x contains \{account\}, which is not a placeholder\.$/,
      /\{role\}/,
    );
    refused("( )", /does not produce a usable name/, /\{account_name\}-\{role\}/);
  });
});
