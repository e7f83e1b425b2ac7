import { markdownTable } from "../../doctor/reference/markdown-table.ts";
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

${markdownTable(["setting", "what it means", "takes", "default", "overridden by"], rows)}

They are in \`~/.config/kubectl-vouch/config.yaml\`, one in a line (\`cache: off\`); \`XDG_CONFIG_HOME\` moves the folder. For what that
file does not set, \`/etc/kubectl-vouch/config.yaml\` counts, if only root can write it.

- \`kubectl vouch config set NAME VALUE\` and \`config unset NAME\` change one line and nothing else. What login or setup records
  takes effect with the next of these, everything else at once. If you edit the file yourself, \`cache\` and \`requireClusterInfo\`
  apply to tokens in the cache, and \`server\` and \`account\` to \`status --prompt\`, only from the next login or setup on.
- \`kubectl vouch config list\` shows all settings with their values; \`config view --show-origin\` shows what counts here, and which
  flag, variable or file it comes from.
- Below kubectl none of them sends a secret elsewhere: hosts and authorities are [recorded](../token/SECURITY.md#where-a-token-may-be-sent)
  by login and setup.
`;
}
