/**
 * Stands for a part of the host that the source never names. Importing it all the same would have the component ask
 * for capabilities that it does not use.
 */
export function absent(part: string): object {
  const refuse = async () => {
    throw new Error(`host.${part} is not in this build: the source does not mention it by name`);
  };
  return new Proxy(
    {},
    { get: (_target, name) => (typeof name === "symbol" || name === "then" ? undefined : refuse) },
  );
}
