/** What `-o` takes where a program might read. */
export const OUTPUT_CHOICES = ["text", "json", "yaml"] as const;
export type OutputChoice = (typeof OUTPUT_CHOICES)[number];

/** The same where what there is has names. */
export const NAME_CHOICES = ["text", "json", "yaml", "name"] as const;
export type NameChoice = (typeof NAME_CHOICES)[number];

/** The same where there is a table that can say more. */
export const TABLE_CHOICES = ["text", "wide", "json", "yaml"] as const;
export type TableChoice = (typeof TABLE_CHOICES)[number];
