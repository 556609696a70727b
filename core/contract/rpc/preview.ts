/** Procedures of the preview screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const previewProcedures = {} as const;

/** Subscriptions of the preview screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const previewSubscriptions = {} as const;
