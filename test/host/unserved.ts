/** A port that a test does not use, however deep it is: whoever calls it hears so. */
export function unserved<Port extends object>(name: string): Port {
  const refuse = (): never => {
    throw new Error(`this test has no ${name}`);
  };
  const port: unknown = new Proxy(refuse, {
    get: (_, key) => (key === "then" ? undefined : unserved(`${name}.${String(key)}`)),
  });
  // A proxy has every property there is, and so every method of the port.
  return port as Port;
}
