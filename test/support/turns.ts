/** Resolves in a later turn of the event loop. The first of the two may still be in this one. */
export async function nextTurn(): Promise<void> {
  for (let time = 0; time < 2; time += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}
