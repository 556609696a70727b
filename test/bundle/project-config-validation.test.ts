import { expect, it } from "vitest";
import { validateProjectConfig } from "../../core/bundle/index.ts";

it("fills in the platform's own engine and no budgets", () => {
  expect(validateProjectConfig("{}")).toEqual({
    value: { engine: "starlingmonkey", budgets: {} },
    problems: [],
    warnings: [],
  });
});

it("accepts every setting", () => {
  const config = {
    $schema: "./workbench.schema.json",
    engine: "quickjs",
    entry: "src/main.ts",
    budgets: { fuel: 1_000_000, memory_mb: 64, duration_ms: 500, component_bytes: 4_000_000 },
  };
  expect(validateProjectConfig(JSON.stringify(config)).value).toEqual(config);
});

it("refuses what it does not know, where it stands, guessing what was meant", () => {
  const { value, problems } = validateProjectConfig(
    '{"engin":"quickjs",\n "engine":"qjs", "entry":"../x.ts",\n "budgets":{"fule":1,"memory_mb":99999}}',
    "workbench.json",
  );
  expect(value).toBeUndefined();
  expect(problems.map(({ file, line, path, message }) => [file, line, path, message])).toEqual([
    ["workbench.json", 1, "$.engin", '"engin" is not a known field and is refused. Did you mean "engine"?'],
    ["workbench.json", 2, "$.engine", 'Expected one of "starlingmonkey", "quickjs", found "qjs".'],
    ["workbench.json", 2, "$.entry", 'Expected a relative path inside the project, found "../x.ts".'],
    [
      "workbench.json",
      3,
      "$.budgets.fule",
      '"fule" is not a known field and is refused. Did you mean "fuel"?',
    ],
    ["workbench.json", 3, "$.budgets.memory_mb", "Expected at most 4096, found 99999."],
  ]);
});
