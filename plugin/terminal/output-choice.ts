/** What `-o` takes where a program might read. */
export const OUTPUT_CHOICES = ["text", "json", "yaml"] as const;
export type OutputChoice = (typeof OUTPUT_CHOICES)[number];
