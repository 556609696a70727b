const CHARACTERS = 8;

/** As much of an id as tells it from its neighbours in a list: its end, because it begins with the time that they share. */
export function shortId(id: string): string {
  return id.slice(-CHARACTERS);
}
