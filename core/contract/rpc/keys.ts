/** Procedures of the keys screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const keysProcedures = {} as const;

/** Subscriptions of the keys screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const keysSubscriptions = {} as const;
