import { describe, expect, it } from "vitest";
import { nextDevelopmentVersion } from "../../core/loop/index.ts";

describe("the version of a development build", () => {
  it("starts at zero under the manifest's release", () => {
    expect(nextDevelopmentVersion("1.2.3", [])).toBe("1.2.3-dev.0");
  });

  it("counts on from the highest number, not from how many there are", () => {
    expect(nextDevelopmentVersion("1.2.3", ["1.2.3-dev.9", "1.2.3-dev.10", "1.2.3"])).toBe("1.2.3-dev.11");
  });

  it("leaves other releases and other labels alone", () => {
    expect(nextDevelopmentVersion("1.2.3", ["1.2.4-dev.7", "1.2.3-beta.4"])).toBe("1.2.3-dev.0");
  });

  it("reads a patch wildcard as its zeroth patch", () => {
    expect(nextDevelopmentVersion("1.2.*", ["1.2.0-dev.0"])).toBe("1.2.0-dev.1");
  });
});
