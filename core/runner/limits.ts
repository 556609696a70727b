/** Host calls of one execution, local ones included. The deadline ends what stays below. */
export const MAX_HOST_CALLS = 100_000;
/** Table elements of one instance over all its tables. */
export const MAX_TABLE_ELEMENTS = 1_000_000;
