/** Procedures of the registry screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const registryProcedures = {} as const;

/** Subscriptions of the registry screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const registrySubscriptions = {} as const;
