/** The release, as package.json has it. */
export const version = "0.0.0";
