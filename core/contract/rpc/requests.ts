/** Procedures of the requests screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const requestsProcedures = {} as const;

/** Subscriptions of the requests screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const requestsSubscriptions = {} as const;
