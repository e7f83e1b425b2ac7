import { markdownTable } from "../../doctor/pages/markdown-table.ts";
import { SETTING_NAMES, settingKey } from "../../token/settings/setting-keys.ts";

/** The text of SETTINGS.md. */
export function settingsPage(): string {
  const rows = SETTING_NAMES.map((name) => {
    const { default: usual, stronger, form, meaning } = settingKey(name);
    return [
      `\`${name}\``,
      meaning,
      form,
      usual,
      stronger === undefined ? "" : `\`${stronger.replaceAll(", ", "`, `")}\``,
    ];
  });
  return `# Settings

Written by \`npm run codes\`; do not edit.

${markdownTable(["setting", "what it means", "takes", "default", "stronger"], rows)}

They stand in \`~/.config/kubectl-vouch/config.yaml\`, a setting a line (\`cache: off\`); \`XDG_CONFIG_HOME\` moves the folder. What that
file does not say, \`/etc/kubectl-vouch/config.yaml\` may say for the whole machine, where root alone can write it.

- \`kubectl vouch config set NAME VALUE\` and \`config unset NAME\` change a line and nothing beside it. What login or setup records
  takes effect with the next of these, everything else at once; \`cache\` and \`requireClusterInfo\` written by hand count for
  tokens that are cached already only from the next login or setup on, as do \`server\` and \`account\` for \`status --prompt\`.
- \`kubectl vouch config list\` shows all of them with what is set; \`config view --show-origin\` shows what holds here, and which
  flag, variable or file says it.
- Below kubectl none of them sends a secret elsewhere: hosts and authorities are [recorded](../token/SECURITY.md#where-a-token-may-be-sent)
  by login and setup.
`;
}
