/** Procedures of the settings screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const settingsProcedures = {} as const;

/** Subscriptions of the settings screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const settingsSubscriptions = {} as const;
