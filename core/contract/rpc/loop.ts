/** Procedures of the loop screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const loopProcedures = {} as const;

/** Subscriptions of the loop screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const loopSubscriptions = {} as const;
