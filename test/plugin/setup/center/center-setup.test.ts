import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AccountRoles,
  type CenterWish,
  setUpCenter,
} from "../../../../plugin/setup/center/center-setup.ts";
import { awsConfigReader } from "../../../../plugin/setup/changed-entries.ts";
import { takeBackProfiles } from "../../../../plugin/setup/undo/take-back.ts";
import { parseIni } from "../../../../token/aws/ini-file.ts";
import { readSharedFiles, sectionsForCli, valuesOf } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { serverLabel } from "../../../../token/net/server-text.ts";

const [A, B] = ["111122223333", "444455556666"];
const SESSION = { name: "acme", startUrl: "https://acme.awsapps.com/start", region: "eu-west-1" };
const HEAD = `[sso-session acme]\nsso_start_url = ${SESSION.startUrl}\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n`;
const DENIED = new VouchError("aws-denied", "No.");

const account = (id: string, name: string, ...roles: readonly string[]): AccountRoles => ({
  account: { id, name },
  roles,
});
const failed = (id: string, name: string): AccountRoles => ({ account: { id, name }, error: DENIED });
const profile = (name: string, id: string, role: string, more = "") =>
  `[profile ${name}]\nsso_session = acme\nsso_account_id = ${id}\nsso_role_name = ${role}\n${more}managed_by = kubectl-vouch\n`;

const setUp = (
  config: string | undefined,
  accounts: readonly AccountRoles[],
  { credentials, ...wish }: Partial<CenterWish> & { readonly credentials?: string } = {},
) => {
  const files = {
    config: { path: "/aws/config", text: config },
    credentials: { path: "/aws/credentials", text: credentials },
  };
  const defaults = { session: SESSION, template: undefined, match: undefined, region: undefined };
  const { profiles, changes } = setUpCenter(files, { ...defaults, accounts, ...wish });
  const after = changes[0]?.after ?? config;
  const told = profiles.map(({ name, status, renamedFrom }) =>
    [name, status, ...(renamedFrom === undefined ? [] : [renamedFrom])].join(" "),
  );
  return { told, after, profiles, entries: changes.flatMap(({ entries }) => entries) };
};

describe("setUpCenter", () => {
  it("adds the session and a profile for each role, at the end", () => {
    const { after, told, entries } = setUp("[default]\nregion = x", [account(A, "prod", "Dev", "Ops")], {
      region: "us-east-1",
    });
    const region = "region = us-east-1\n";
    assert.equal(
      after,
      [
        "[default]\nregion = x\n",
        HEAD,
        profile("prod-Dev", A, "Dev", region),
        profile("prod-Ops", A, "Ops", region),
      ].join("\n"),
    );
    assert.deepEqual(told, ["prod-Dev added", "prod-Ops added"]);
    assert.deepEqual(entries, [
      { section: "sso-session", name: "acme" },
      { section: "profile", name: "prod-Dev" },
      { section: "profile", name: "prod-Ops" },
    ]);
  });

  const both = [
    HEAD,
    profile("dev-Dev", B, "Dev"),
    profile("prod-Dev", A, "Dev", "region = x\ncli_pager =\n"),
  ].join("\n");

  it("does nothing the second time, whatever a user has added", () => {
    const { told, entries } = setUp(both, [account(A, "prod", "Dev"), account(B, "dev", "Dev")]);
    assert.deepEqual([told, entries], [["prod-Dev unchanged", "dev-Dev unchanged"], []]);
  });

  it("updates the region, and keeps it where none is specified", () => {
    const accounts = [account(A, "prod", "Dev"), account(B, "dev", "Dev")];
    const { after, told } = setUp(both, accounts, { region: "eu-west-1" });
    assert.deepEqual(told, ["prod-Dev updated", "dev-Dev updated"]);
    assert.equal(after?.match(/region = eu-west-1\n/g)?.length, 3);
    assert.match(after ?? "", /cli_pager =\n/);
  });

  it("removes the profiles of roles that are no longer assigned, but not of accounts that were not listed", () => {
    const gone = setUp(both, [account(A, "prod", "Dev")]);
    assert.deepEqual(gone.told, ["prod-Dev unchanged", "dev-Dev removed"]);
    assert.equal(gone.after, [HEAD, profile("prod-Dev", A, "Dev", "region = x\ncli_pager =\n")].join("\n"));
    const unknown = setUp(both, [account(A, "prod", "Ops"), failed(B, "dev")]);
    assert.deepEqual(unknown.told, ["prod-Ops added", "dev-Dev unchanged", "prod-Dev removed"]);
  });

  it("keeps the names of an account that was not listed apart from others", () => {
    const text = [HEAD, profile(`x-${A}`, A, "Dev"), profile(`x-${B}`, B, "Dev")].join("\n");
    const marked = text.replaceAll("= kubectl-vouch", "= kubectl-vouch x");
    const { told } = setUp(marked, [failed(A, "a"), account(B, "b", "Dev")]);
    assert.deepEqual(told, [`x-${A} unchanged`, `x-${B} unchanged`]);
  });

  it("renames for another template, and swaps names", () => {
    const renamed = setUp(both, [account(A, "prod", "Dev"), account(B, "dev", "Dev")], {
      template: "{role}-{account_name}",
    });
    assert.deepEqual(renamed.told, ["Dev-prod renamed prod-Dev", "Dev-dev renamed dev-Dev"]);
    const mark = (text: string) => text.replace("= kubectl-vouch", "= kubectl-vouch {role}-{account_name}");
    assert.equal(
      renamed.after,
      [HEAD, mark(profile("Dev-prod", A, "Dev", "region = x\n")), mark(profile("Dev-dev", B, "Dev"))].join(
        "\n",
      ),
    );
    // The template is that of the profiles, until another is specified.
    const later = setUp(renamed.after, [account(A, "prod", "Dev", "Ops"), account(B, "dev", "Dev")]);
    assert.deepEqual(later.told, ["Dev-prod unchanged", "Ops-prod added", "Dev-dev unchanged"]);
    const back = setUp(renamed.after, [account(A, "prod", "Dev"), account(B, "dev", "Dev")], {
      template: "{account_name}-{role}",
    });
    assert.equal(
      back.after,
      [HEAD, profile("prod-Dev", A, "Dev", "region = x\n"), profile("dev-Dev", B, "Dev")].join("\n"),
    );
    const odd = setUp(renamed.after, [account(A, "prod", "Dev")], { template: " #{role} ; {account_id} " });
    assert.match(
      odd.after ?? "",
      /\[profile Dev-111122223333\]\n(?:.+\n)*managed_by = kubectl-vouch \{role\}-\{account_id\}\n/,
    );
    const swapped = setUp(both, [account(A, "dev", "Dev"), account(B, "prod", "Dev")]);
    assert.deepEqual(swapped.told, ["dev-Dev updated", "prod-Dev updated"]);
    const reader = awsConfigReader(swapped.after, "f");
    assert.equal(reader({ section: "profile", name: "dev-Dev" })?.["sso_account_id"], A);
  });

  it("touches only profiles that match, whatever the others are", () => {
    const accounts = [account(A, "prod", "Dev", "Ops"), account("777788889999", "dev", "Dev")];
    const { told, after } = setUp(both, accounts, { match: "prod-*" });
    assert.deepEqual(told, ["prod-Dev unchanged", "prod-Ops added"]);
    assert.ok(after?.includes(profile("dev-Dev", B, "Dev")));
    const pruned = setUp(both, accounts, { match: "dev-*" });
    assert.deepEqual(pruned.told, ["dev-Dev updated"]);
    assert.throws(() => setUp(both, accounts, { match: "nope*" }), {
      code: "profile-missing",
      message: "No profile name matches nope*.",
      hint: "The names are dev-Dev, prod-Dev, prod-Ops.",
    });
  });

  describe("profiles of others", () => {
    const plain = (name: string, more: string) => `[profile ${name}]\n${more}\n`;
    const sameRole = `sso_account_id = ${A}\nsso_role_name = Dev`;
    const oldForm = `sso_start_url = ${SESSION.startUrl}/#/\nsso_region = eu-west-1\n${sameRole}`;
    const existing: Readonly<Record<string, string>> = {
      "with the session": plain("mine", `sso_session = acme\n${sameRole}`),
      "with a different session of the place": `${plain("mine", `sso_session = x\n${sameRole}`)}[sso-session x]\nsso_start_url = ${SESSION.startUrl}/\nsso_region = eu-west-1\n`,
      "with the start URL itself": plain("mine", oldForm),
    };
    for (const [what, text] of Object.entries(existing))
      it(`count where they are for the same role: ${what}`, () => {
        const { told, after } = setUp(`${HEAD}${text}`, [account(A, "prod", "Dev")]);
        assert.deepEqual([told, after], [["mine existing"], `${HEAD}${text}`]);
      });

    const different: Readonly<Record<string, string>> = {
      "a role on top": plain(
        "prod-Dev",
        `role_arn = arn:aws:iam::${A}:role/X\nsource_profile = prod-Dev\n${oldForm}`,
      ),
      "a different region of Identity Center": plain("prod-Dev", oldForm.replace("eu-west-1", "us-east-1")),
      "a different role": plain("prod-Dev", oldForm.replace("Dev", "Ops")),
      "no credentials": plain("prod-Dev", "region = x"),
      "the mark of this setup, and a different session": profile("prod-Dev", A, "Dev").replace(
        "= acme",
        "= other",
      ),
      "a session that does not exist": plain("prod-Dev", `sso_session = nope\n${sameRole}`),
    };
    for (const [what, text] of Object.entries(different))
      it(`keep their name where they have ${what}`, () => {
        const { profiles, after } = setUp(`${HEAD}\n${text}`, [account(A, "prod", "Dev")]);
        assert.deepEqual(
          profiles.map(({ name, status, insteadOf }) => ({ name, status, insteadOf })),
          [{ name: `prod-Dev-${A}`, status: "added", insteadOf: "prod-Dev" }],
        );
        assert.equal(after, `${HEAD}\n${text}\n${profile(`prod-Dev-${A}`, A, "Dev")}`);
      });

    it("keep it also where they are in the credentials file alone", () => {
      const { told } = setUp("", [account(A, "prod", "Dev")], {
        credentials: "[prod-Dev]\naws_access_key_id = x\n",
      });
      assert.deepEqual(told, [`prod-Dev-${A} added`]);
    });
  });

  it("refuses a session that became a different one, and files that it cannot read", () => {
    const changed = HEAD.replace("acme.awsapps", "other.awsapps");
    assert.throws(() => setUp(changed, [account(A, "prod", "Dev")]), { code: "file-changed" });
    assert.throws(() => setUp("[default]\nbroken\n", [account(A, "prod", "Dev")]), {
      code: "aws-config-invalid",
    });
    const twice = `${HEAD}${profile("prod-Dev", A, "Dev")}${profile("prod-Dev", A, "Dev")}`;
    assert.throws(() => setUp(twice, [account(B, "dev", "Dev")]), {
      code: "aws-config-invalid",
      message: /twice/,
    });
  });
});

describe("setUpCenter, whatever accounts are called and whatever is in the file,", () => {
  const IDS = [A, B, "777788889999"];
  const NAMES = [
    ...[
      "prod",
      "prod",
      "Prod (EU)",
      "pröd",
      "本番",
      "--prod",
      "default",
      " ",
      "prod]\n[default",
      "a # b",
      "a ; b",
    ],
    ...['"prod"', "\u001b[31mred", "\u202eevil", "x=y", "prod-Dev", "%(prod)s", "\ud800"],
  ];
  const ROLES = ["Dev", "Ops", "a,b", "a=b", "default"];
  const FOREIGN = [
    "[default]\nregion = eu-west-1 # home\n",
    "# a comment\n\n[profile prod-Dev]\naws_access_key_id=x\naws_secret_access_key: y\n; another\n",
    `[profile mine]\n  sso_session = acme\n  sso_account_id = ${A}\n  sso_role_name = Dev\n`,
    `[profile old]\nsso_start_url = ${SESSION.startUrl}/\nsso_region = eu-west-1\nsso_account_id = ${B}\nsso_role_name = Dev\n`,
    '[profile "prod Dev"]\ns3 =\n  max_concurrent_requests = 1\n\n',
    "[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1",
    "[services x]\nsts =\n  endpoint_url = https://sts.example\n",
    `[profile 本番]\nregion = x\n[profile prod-Dev-${B}]\nmanaged_by = kubectl-vouch\n`,
  ];

  const accountOf = (id: string, odds: number) =>
    fc
      .record({
        name: fc.constantFrom(...NAMES).map((name) => serverLabel(name) ?? id),
        roles: fc.subarray(ROLES, { minLength: 1 }),
        isFailed: fc.nat(99).map((chance) => chance < odds),
      })
      .map(({ name, roles, isFailed }) => (isFailed ? failed(id, name) : account(id, name, ...roles)));
  const accountsOf = (odds: number) => fc.tuple(...IDS.map((id) => accountOf(id, odds)));
  /** A file, often with profiles of ours, and what AWS lists now, which is often what it listed before. */
  const caseOf = (odds: number) =>
    fc
      .record({
        sections: fc.uniqueArray(fc.constantFrom(...FOREIGN)),
        earlier: accountsOf(0),
        later: accountsOf(odds),
        isSame: fc.boolean(),
        hasOurs: fc.boolean(),
        isWindows: fc.boolean(),
        template: fc.constantFrom(
          undefined,
          undefined,
          "{role}",
          "{account_name}",
          "{account_id}/{role}",
          "x",
          " # {role} ; {session}=",
        ),
        region: fc.constantFrom(undefined, "us-east-1"),
      })
      .map(({ sections, earlier, later, isSame, hasOurs, isWindows, template, region }) => {
        const text = sections.join("\n");
        const own = hasOurs ? (setUp(text, earlier).after ?? "") : text;
        return {
          before: isWindows ? own.replaceAll("\n", "\r\n") : own,
          accounts: isSame ? earlier : later,
          wish: { template: isSame ? undefined : template, region },
        };
      });

  const filesOf = (text: string) => readSharedFiles({ path: "f", text }, { path: "c", text: undefined });
  const isOurs = (section: string) =>
    section.startsWith("[sso-session acme]") ||
    (/\nmanaged_by = kubectl-vouch/.test(section) && /\nsso_session = acme/.test(section));
  /** Every line that is not of ours, but for blank ones. */
  const theirs = (text: string) =>
    parseIni(text, "f")
      .sections.toReversed()
      .reduce(
        (left, { start, end }) =>
          isOurs(text.slice(start, end)) ? left.slice(0, start) + left.slice(end) : left,
        text,
      )
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "");
  /** Account and role of each profile of ours, as AWS's tools understand it. */
  const rolesIn = (text: string) => {
    const files = filesOf(text);
    const ours = [...files.profiles.values()].filter(
      ({ settings }) => settings.has("managed_by") && settings.has("sso_session"),
    );
    return ours.map(({ name: profile }) => {
      const plan = planOf({ profile, region: "us-east-1" }, files, {});
      assert.ok(plan.kind === "sso" && plan.startUrl === SESSION.startUrl && plan.region === SESSION.region);
      return `${plan.account} ${plan.role}`;
    });
  };
  const valuesIn = (text: string) => {
    const { profiles, ssoSessions } = filesOf(text);
    return [...profiles.values(), ...ssoSessions.values()]
      .map(({ name, settings }) => `${name} ${JSON.stringify(valuesOf({ settings }))}`)
      .sort();
  };

  it("writes what AWS's tools read, for each role once, and changes no byte of others", () => {
    const found = { added: 0, renamed: 0, updated: 0, unchanged: 0, existing: 0, removed: 0 };
    fc.assert(
      fc.property(caseOf(25), ({ before, accounts, wish }) => {
        const { after = "", profiles } = setUp(before, accounts, wish);
        for (const { status } of profiles) found[status] += 1;
        assert.deepEqual(theirs(after), theirs(before));
        sectionsForCli(after, "f");
        assert.doesNotMatch(after.replaceAll(/[\r\n]/g, ""), /[\p{Cc}\p{Cf}\p{Cs}]/u);

        const existing = profiles.filter(({ status }) => status === "existing");
        const written = rolesIn(after);
        const were = rolesIn(before);
        const wanted = accounts.flatMap(({ account: { id }, ...listed }) =>
          "roles" in listed
            ? listed.roles.map((role) => `${id} ${role}`)
            : were.filter((pair) => pair.startsWith(`${id} `)),
        );
        const have = [...written, ...existing.map(({ accountId, role }) => `${accountId} ${role}`)];
        assert.deepEqual(have.sort(), wanted.sort());

        assert.deepEqual(setUp(after, accounts, wish).entries, [], "a second time");
        assert.equal(setUp(before, accounts.toReversed(), wish).after, after, "in another order");
      }),
      { numRuns: 80 },
    );
    assert.ok(
      Object.values(found).every((count) => count > 0),
      JSON.stringify(found),
    );
  });

  it("can be undone in a file with a byte order mark, whose first profile was removed", () => {
    const before = `\ufeff${profile("gone-Dev", B, "Dev")}${HEAD}`;
    const { after = "", entries } = setUp(before, [account(A, "prod", "Dev")]);
    assert.equal(after, `\ufeff${HEAD}\n${profile("prod-Dev", A, "Dev")}`);
    const back = takeBackProfiles(after, { path: "f", before, after, entries });
    assert.equal(back.text, `\ufeff${HEAD}\n${profile("gone-Dev", B, "Dev")}`);
  });

  it("can be undone, also after others have changed the file", () => {
    fc.assert(
      fc.property(caseOf(25), ({ before, accounts, wish }) => {
        const { after = "", entries } = setUp(before, accounts, wish);
        const back = takeBackProfiles(`# later\n${after}`, { path: "f", before, after, entries });
        assert.deepEqual(theirs(back.text), ["# later", ...theirs(before)]);
        const isUsed = before.includes("sso_session = acme") && !before.includes("[sso-session acme]");
        const left = isUsed ? valuesIn(HEAD) : [];
        assert.deepEqual(
          valuesIn(back.text),
          [...valuesIn(before), ...(after === before ? [] : left)].sort(),
        );
      }),
      { numRuns: 40 },
    );
  });
});
