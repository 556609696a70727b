/** Procedures of the quotas screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const quotasProcedures = {} as const;

/** Subscriptions of the quotas screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const quotasSubscriptions = {} as const;
