/** Procedures of the project screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const projectProcedures = {} as const;

/** Subscriptions of the project screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const projectSubscriptions = {} as const;
